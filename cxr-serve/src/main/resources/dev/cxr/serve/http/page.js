"use strict";

(() => {
  const MAX_BYTES = 16 * 1024 * 1024;
  const MAX_CONCURRENT = 2;
  const MAX_TRIES = 60;
  const OUT_OF_DISTRIBUTION = 1.25; // images like those of the training have lower scores

  const byId = (id) => document.getElementById(id);
  const results = byId("results");
  const rows = []; // one for each image
  const waiting = [];
  let bundles = [];
  let running = 0;

  const number = (value, digits = 3) => value.toFixed(digits);
  const readable = (name) => name.replaceAll("_", " ");

  function chosen() {
    return bundles[byId("model").selectedIndex];
  }

  function showModel() {
    const bundle = chosen();
    byId("synthetic").hidden = !bundle.synthetic;
    byId("facts").textContent =
      `bundle ${bundle.bundle}, ${bundle.architecture}; ${readable(bundle.positiveClass)} at probability ${number(bundle.threshold)} or more`;
  }

  async function loadModels() {
    const response = await fetch("bundles");
    if (!response.ok) {
      throw new Error(`the server returned status ${response.status}`);
    }
    bundles = await response.json();
    for (const bundle of bundles) {
      const same = bundles.filter((other) => other.name === bundle.name).length > 1;
      byId("model").add(new Option(same ? `${bundle.name} ${bundle.bundle}` : bundle.name));
    }
    byId("model").disabled = bundles.length < 2;
    showModel();
  }

  function add(files) {
    if (bundles.length === 0 || files.length === 0) {
      return;
    }
    byId("predictions").hidden = false;
    document.body.classList.add("has-predictions");
    for (const file of files) {
      const card = byId("card").content.firstElementChild.cloneNode(true);
      card.classList.add("waiting");
      card.querySelector("h3").textContent = file.name;
      card.querySelector(".decision").textContent = "waiting …";
      results.append(card);
      const row = { file: file.name, bundle: chosen(), card };
      rows.push(row);
      waiting.push({ row, file });
    }
    updateStatus();
    next();
  }

  function next() {
    while (running < MAX_CONCURRENT && waiting.length > 0) {
      const job = waiting.shift();
      running++;
      predict(job.file, job.row)
        .catch((failure) => fail(job.row, failure.message))
        .finally(() => {
          running--;
          updateStatus();
          next();
        });
    }
  }

  async function predict(file, row) {
    if (file.size > MAX_BYTES) {
      throw new Error("Expected a file of at most 16 MiB. Save the image at a smaller size.");
    }
    const url = `predictions/${row.bundle.name}/${row.bundle.bundle}?detail=true&image=true`;
    for (let tries = 1; ; tries++) {
      let response;
      try {
        response = await fetch(url, {
          method: "POST",
          headers: { "Content-Type": "application/octet-stream" },
          body: file,
        });
      } catch {
        throw new Error("The server cannot be reached. Is it still running?");
      }
      if (response.status === 503 && tries < MAX_TRIES) {
        const seconds = Number(response.headers.get("Retry-After")) || 1;
        await new Promise((go) => setTimeout(go, 1000 * seconds));
        continue;
      }
      const body = await response.json();
      if (!response.ok) {
        throw new Error(body.message);
      }
      show(row, body);
      return;
    }
  }

  function show(row, detail) {
    row.detail = detail;
    const { card } = row;
    const part = (name) => card.querySelector(name);
    const isPositive = detail.decision === detail.positiveClass;
    card.classList.replace("waiting", isPositive ? "positive" : "negative");
    part(".xray").src = detail.image;
    part(".xray").alt = `X-ray ${row.file}`;
    part(".decision").textContent = readable(detail.decision);
    const sentence =
      `Probability of ${readable(detail.positiveClass)} ${number(detail.positiveProbability)}`;
    part(".probability").textContent = sentence;
    part(".threshold").textContent = `threshold ${number(detail.threshold)}`;
    part(".gauge").setAttribute("aria-label",
      `${sentence}; threshold ${number(detail.threshold)}`);
    part(".fill").style.width = `${100 * detail.positiveProbability}%`;
    part(".mark").style.left = `${100 * detail.threshold}%`;
    if (detail.heatmap) {
      part(".heat").src = detail.heatmap.png;
    } else {
      part(".heat").remove();
    }
    const classes = detail.classifications.length > 2
      ? detail.classifications.map((c) => `${readable(c.className)} ${number(c.probability)}`).join(", ") + ". "
      : "";
    part(".note").textContent = classes
      + (detail.heatmap ? `Heatmap of ${readable(detail.heatmap.className)}.` : "");
    if (detail.outOfDistribution !== undefined) {
      const isFar = detail.outOfDistribution >= OUT_OF_DISTRIBUTION;
      part(".distance").classList.toggle("far", isFar);
      part(".distance").textContent = isFar
        ? `Unlike the training images (score ${number(detail.outOfDistribution, 2)}): the probability is not reliable.`
        : `Out-of-distribution score ${number(detail.outOfDistribution, 2)}`;
    }
  }

  function fail(row, message) {
    row.error = message;
    row.card.className = "card failed";
    row.card.querySelector(".decision").textContent = "No prediction";
    row.card.querySelector(".note").textContent = message;
  }

  function updateStatus() {
    const done = rows.filter((row) => row.detail).length;
    const failed = rows.filter((row) => row.error).length;
    const left = rows.length - done - failed;
    const parts = [`${done} of ${rows.length} ${rows.length === 1 ? "image" : "images"} predicted`];
    if (failed > 0) {
      parts.push(`${failed} failed`);
    }
    if (left > 0) {
      parts.push(`${left} waiting`);
    }
    byId("status").textContent = rows.length === 0 ? "" : parts.join(", ") + ".";
    byId("csv").disabled = done + failed === 0;
  }

  function quoted(value) {
    const text = String(value ?? "");
    // Spreadsheets execute values that begin like a formula.
    const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  function csv() {
    const classes = [...new Set(rows.flatMap((row) => row.bundle.classes))];
    const lines = [[
      "file", "model", "bundle", ...classes.map((name) => `p_${name}`),
      "probability", "threshold", "decision", "out_of_distribution", "error",
    ]];
    for (const { file, bundle, detail, error } of rows.filter((row) => row.detail || row.error)) {
      const of = (name) => detail?.classifications.find((c) => c.className === name)?.probability;
      lines.push([
        file, bundle.name, bundle.bundle, ...classes.map(of), detail?.positiveProbability,
        detail?.threshold, detail?.decision, detail?.outOfDistribution, error,
      ]);
    }
    return lines.map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";
  }

  function exportCsv() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
    link.download = "predictions.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function clear() {
    waiting.length = 0;
    rows.length = 0;
    results.replaceChildren();
    byId("predictions").hidden = true;
    document.body.classList.remove("has-predictions");
    updateStatus();
    byId("files").focus();
  }

  function setHeat() {
    const percent = byId("heat").value;
    byId("heat-value").textContent = `${percent} %`;
    byId("heat").setAttribute("aria-valuetext", `${percent} percent`);
    results.style.setProperty("--heat", percent / 100);
  }

  byId("model").addEventListener("change", showModel);
  byId("heat").addEventListener("input", setHeat);
  byId("csv").addEventListener("click", exportCsv);
  byId("clear").addEventListener("click", clear);
  byId("files").addEventListener("change", (event) => {
    add([...event.target.files]);
    event.target.value = ""; // allows choosing the same file again
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) {
      document.body.classList.remove("over");
    }
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("over");
    add([...event.dataTransfer.files]);
  });

  setHeat();
  loadModels().catch((failure) => {
    byId("status").textContent = `Could not load the list of models: ${failure.message}. Reload the page.`;
    byId("status").classList.add("error");
  });
})();

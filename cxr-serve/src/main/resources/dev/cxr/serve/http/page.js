"use strict";

(() => {
  const LARGEST = 16 * 1024 * 1024;
  const AT_A_TIME = 2;
  const MOST_TRIES = 60;
  const FAR = 1.25; // pictures like those of the training stay below

  const byId = (id) => document.getElementById(id);
  const results = byId("results");
  const rows = []; // what was answered, in the order of the pictures
  const waiting = [];
  let bundles = [];
  let asking = 0;

  const number = (value, digits = 3) => value.toFixed(digits);
  const words = (name) => name.replaceAll("_", " ");

  function chosen() {
    return bundles[byId("model").selectedIndex];
  }

  function showModel() {
    const bundle = chosen();
    byId("synthetic").hidden = !bundle.synthetic;
    byId("facts").textContent =
      `bundle ${bundle.bundle}, ${bundle.architecture}; called ${words(bundle.positiveClass)} from ${number(bundle.threshold)}`;
  }

  async function loadModels() {
    const answer = await fetch("bundles");
    if (!answer.ok) {
      throw new Error(`the server answered ${answer.status}`);
    }
    bundles = await answer.json();
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
    byId("answers").hidden = false;
    document.body.classList.add("answered");
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
    tell();
    next();
  }

  function next() {
    while (asking < AT_A_TIME && waiting.length > 0) {
      const job = waiting.shift();
      asking++;
      ask(job.file, job.row)
        .catch((failure) => fail(job.row, failure.message))
        .finally(() => {
          asking--;
          tell();
          next();
        });
    }
  }

  async function ask(file, row) {
    if (file.size > LARGEST) {
      throw new Error("This file has more than 16 MiB. Save the picture smaller.");
    }
    const address = `predictions/${row.bundle.name}/${row.bundle.bundle}?detail=true&picture=true`;
    for (let tries = 1; ; tries++) {
      let answer;
      try {
        answer = await fetch(address, {
          method: "POST",
          headers: { "Content-Type": "application/octet-stream" },
          body: file,
        });
      } catch {
        throw new Error("The server cannot be reached. Is it still running?");
      }
      if (answer.status === 503 && tries < MOST_TRIES) {
        const seconds = Number(answer.headers.get("Retry-After")) || 1;
        await new Promise((go) => setTimeout(go, 1000 * seconds));
        continue;
      }
      const body = await answer.json();
      if (!answer.ok) {
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
    part(".xray").src = detail.picture;
    part(".xray").alt = `X-ray ${row.file}`;
    part(".decision").textContent = words(detail.decision);
    const sentence =
      `Probability of ${words(detail.positiveClass)} ${number(detail.calibratedProbability)}`;
    part(".probability").textContent = sentence;
    part(".threshold").textContent = `threshold ${number(detail.threshold)}`;
    part(".gauge").setAttribute("aria-label",
      `${sentence}; ${words(detail.positiveClass)} is called from ${number(detail.threshold)}`);
    part(".fill").style.width = `${100 * detail.calibratedProbability}%`;
    part(".mark").style.left = `${100 * detail.threshold}%`;
    if (detail.heatmap) {
      part(".heat").src = detail.heatmap.png;
    } else {
      part(".heat").remove();
    }
    const classes = detail.classifications.length > 2
      ? detail.classifications.map((c) => `${words(c.className)} ${number(c.probability)}`).join(", ") + ". "
      : "";
    part(".what").textContent = classes
      + (detail.heatmap ? `Heatmap: what speaks for ${words(detail.heatmap.className)}.` : "");
    if (detail.outOfDistribution !== undefined) {
      const isFar = detail.outOfDistribution >= FAR;
      part(".unfamiliar").classList.toggle("far", isFar);
      part(".unfamiliar").textContent = isFar
        ? `Unlike the pictures it learned from (${number(detail.outOfDistribution, 2)}): the probability means little.`
        : `Distance from the training ${number(detail.outOfDistribution, 2)}`;
    }
  }

  function fail(row, message) {
    row.error = message;
    row.card.className = "card failed";
    row.card.querySelector(".decision").textContent = "Not answered";
    row.card.querySelector(".what").textContent = message;
  }

  function tell() {
    const done = rows.filter((row) => row.detail).length;
    const failed = rows.filter((row) => row.error).length;
    const left = rows.length - done - failed;
    const parts = [`${done} of ${rows.length} ${rows.length === 1 ? "picture" : "pictures"} answered`];
    if (failed > 0) {
      parts.push(`${failed} not answered`);
    }
    if (left > 0) {
      parts.push(`${left} to go`);
    }
    byId("status").textContent = rows.length === 0 ? "" : parts.join(", ") + ".";
    byId("csv").disabled = done + failed === 0;
  }

  function quoted(value) {
    const text = String(value ?? "");
    // A spreadsheet would run what begins like a formula.
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
        file, bundle.name, bundle.bundle, ...classes.map(of), detail?.calibratedProbability,
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
    byId("answers").hidden = true;
    document.body.classList.remove("answered");
    tell();
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
    event.target.value = ""; // so that the same file can be chosen again
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
    byId("status").textContent = `The models could not be listed: ${failure.message}. Load the page again.`;
    byId("status").classList.add("error");
  });
})();

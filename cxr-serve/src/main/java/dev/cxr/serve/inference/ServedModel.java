package dev.cxr.serve.inference;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * A bundle's model, loaded and asked by many at once.
 *
 * <p>Pictures are decoded on the threads that {@link #load} is given, predicted in batches on a
 * thread of the model's own. All models of the process take turns at the engine: each batch has all
 * its cores, and DJL collects gradients for one at a time.
 */
public final class ServedModel implements AutoCloseable {

  /** Of {@link Answer#picture}. */
  static final int LARGEST_SIDE = 768;

  private static final ReentrantLock ENGINE = new ReentrantLock(true);

  private final Bundle bundle;
  private final Batching batching;
  private final Classifier classifier;
  private final Explainer explainer;
  private final Executor decoders;
  private final IntConsumer batchSizes;
  private final Semaphore places;
  private final Batcher<Question> batcher;

  /** A decoded picture, as it is shown and as the network sees it, and who waits. */
  private record Question(GrayImage shown, GrayImage input, Set<Extra> extras, Asker asker) {}

  private ServedModel(
      Bundle bundle,
      Batching batching,
      Classifier classifier,
      Executor decoders,
      IntConsumer batchSizes)
      throws IOException {
    this.bundle = bundle;
    this.batching = batching;
    this.classifier = classifier;
    this.explainer = Explainer.of(bundle, classifier);
    this.decoders = decoders;
    this.batchSizes = batchSizes;
    this.places = new Semaphore(batching.places());
    this.batcher = new Batcher<>("predict-" + bundle.manifest().name(), batching, this::answer);
  }

  /**
   * Loads a bundle, has it predict its golden picture and runs everything once.
   *
   * @param decoders where pictures are decoded
   * @param batchSizes is told the size of every batch
   * @throws UserErrorException if the bundle does not load or does not predict its golden picture
   * @throws IOException if a file cannot be read
   */
  public static ServedModel load(
      Bundle bundle, Batching batching, Executor decoders, IntConsumer batchSizes)
      throws IOException {
    ENGINE.lock();
    try {
      Classifier classifier = Classifier.load(bundle);
      try {
        return new ServedModel(bundle, batching, classifier, decoders, batchSizes);
      } catch (RuntimeException | IOException e) {
        classifier.close();
        throw e;
      }
    } finally {
      ENGINE.unlock();
    }
  }

  /** The name that requests ask for it by. */
  public String name() {
    return bundle.manifest().name();
  }

  /** The bundle's id, which tells one training from another. */
  public String version() {
    return bundle.id();
  }

  /** What it was loaded from. */
  public Bundle bundle() {
    return bundle;
  }

  /** How its requests are gathered. */
  public Batching batching() {
    return batching;
  }

  /** How many decoded pictures wait for the engine. */
  public int waiting() {
    return batcher.waiting();
  }

  /** Whether the next picture would be refused: worth asking before a long body is read. */
  public boolean isFull() {
    return places.availablePermits() == 0;
  }

  /**
   * Asks about a picture; returns at once.
   *
   * @param file the bytes of an image file
   * @param asker is told at once if the queue is full, else later
   */
  public void ask(byte[] file, Set<Extra> extras, Asker asker) {
    if (!places.tryAcquire()) {
      asker.failed(new QueueFullException());
      return;
    }
    batcher.announce();
    decoders.execute(() -> decode(file, extras, new Place(asker)));
  }

  /** Frees the asker's place in the queue before it is told, so that it may ask again. */
  private final class Place implements Asker {

    private final Asker asker;
    private boolean left;

    Place(Asker asker) {
      this.asker = asker;
    }

    @Override
    public void answered(Answer answer) {
      if (leave()) {
        asker.answered(answer);
      }
    }

    @Override
    public void failed(Throwable reason) {
      if (leave()) {
        asker.failed(reason);
      }
    }

    private synchronized boolean leave() {
      boolean first = !left;
      left = true;
      if (first) {
        places.release();
      }
      return first;
    }
  }

  private void decode(byte[] file, Set<Extra> extras, Asker asker) {
    try {
      int side = bundle.manifest().input().side();
      GrayImage picture = ImageDecoder.decode(file);
      GrayImage input = Resampler.resize(picture, side, side);
      GrayImage shown = extras.contains(Extra.PICTURE) ? reduced(picture) : input;
      batcher.put(new Question(shown, input, extras, asker));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      batcher.withdraw();
      asker.failed(e);
    }
  }

  private static GrayImage reduced(GrayImage image) {
    double factor = (double) LARGEST_SIDE / Math.max(image.width(), image.height());
    return factor >= 1
        ? image
        : Resampler.resize(
            image,
            Math.max(1, (int) Math.round(image.width() * factor)),
            Math.max(1, (int) Math.round(image.height() * factor)));
  }

  /** Those who asked for probabilities alone do not wait for the explanations of others. */
  private void answer(List<Question> batch) {
    batchSizes.accept(batch.size());
    try {
      List<Answer> answers = predict(batch);
      for (int i = 0; i < batch.size(); i++) {
        if (batch.get(i).extras().isEmpty()) {
          batch.get(i).asker().answered(answers.get(i));
        }
      }
      for (int i = 0; i < batch.size(); i++) {
        Question question = batch.get(i);
        if (!question.extras().isEmpty()) {
          question.asker().answered(withExtras(question, answers.get(i)));
        }
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      batch.forEach(question -> question.asker().failed(e)); // those who were not told yet
    }
  }

  private List<Answer> predict(List<Question> batch) {
    double[][] probabilities;
    ENGINE.lock();
    try {
      probabilities = classifier.probabilities(batch.stream().map(Question::input).toList());
    } finally {
      ENGINE.unlock();
    }
    List<Answer> answers = new ArrayList<>();
    for (double[] row : probabilities) {
      answers.add(
          new Answer(Arrays.stream(row).boxed().toList(), Optional.empty(), Optional.empty()));
    }
    return answers;
  }

  private Answer withExtras(Question question, Answer answer) {
    Optional<Answer.Explanation> explanation = Optional.empty();
    if (question.extras().contains(Extra.EXPLANATION)) {
      ENGINE.lock();
      try {
        explanation = Optional.of(explainer.explain(question.input(), answer.probabilities()));
      } finally {
        ENGINE.unlock();
      }
    }
    Optional<GrayImage> picture =
        question.extras().contains(Extra.PICTURE)
            ? Optional.of(question.shown())
            : Optional.empty();
    return new Answer(answer.probabilities(), explanation, picture);
  }

  /** The probability that the operating threshold is for. */
  public double positiveProbability(Answer answer) {
    double[] probabilities = answer.probabilities().stream().mapToDouble(p -> p).toArray();
    return bundle.manifest().task().positiveProbability(probabilities);
  }

  /** What is called at the bundle's operating threshold: the positive class or the first one. */
  public String decision(Answer answer) {
    Manifest manifest = bundle.manifest();
    return positiveProbability(answer) >= manifest.threshold().value()
        ? manifest.positiveClass()
        : manifest.classes().get(0);
  }

  /** Finishes the batch that is being predicted and frees the model. */
  @Override
  public void close() {
    batcher.close();
    classifier.close();
  }
}

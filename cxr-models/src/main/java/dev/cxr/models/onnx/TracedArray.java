package dev.cxr.models.onnx;

import static dev.cxr.models.onnx.OnnxGraph.attribute;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDResource;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An array of float32 that adds operations to an ONNX graph instead of computing them: a block that
 * runs on it is translated. The first size of a batch is -1, for any.
 *
 * <p>The public methods are those of {@link NDArray} and {@link NDArrayEx} that have an ONNX form.
 * Any other throws an {@link UnsupportedOperationException}.
 *
 * <p>Arrays in the form of other arrays, such as transposed ones, get nodes of their own only when
 * an operation needs them, so that the layout changes and zeros with which blocks serve PyTorch
 * cancel out or become attributes of a convolution.
 */
final class TracedArray {

  private static final long ANY = -1;

  /** The first axis of the positions, after images and channels. */
  private static final int SPATIAL = 2;

  private final Manager manager;
  private final OnnxGraph graph;
  private final Shape shape;
  private final Form form;
  private final NDArray proxy;

  /** How the elements of an array are found. */
  private sealed interface Form {}

  /** A value of the graph. */
  private record Value(String name) implements Form {}

  /** Zeros. */
  private record Zeros() implements Form {}

  /** Another array with its axes in this order. */
  private record Transposed(TracedArray source, List<Integer> axes) implements Form {}

  /** Another array between zeros: how many before and after it, for each axis. */
  private record Padded(TracedArray source, List<Long> before, List<Long> after) implements Form {

    /** {@return whether images and channels are not padded} */
    boolean isSpatial() {
      return before.get(0) + before.get(1) + after.get(0) + after.get(1) == 0;
    }

    /** {@return the attribute {@code pads} of a convolution} */
    List<Long> spatial() {
      return concat(before.subList(SPATIAL, before.size()), after.subList(SPATIAL, after.size()));
    }
  }

  /**
   * The manager of traced arrays. The graph owns their values: nothing is attached or freed. The
   * public methods are those of {@link NDManager} that it supports.
   */
  static final class Manager {

    private final OnnxGraph graph;
    private final NDManager proxy = (NDManager) PartialProxy.create(this, NDManager.class);

    Manager(OnnxGraph graph) {
      this.graph = graph;
    }

    public NDManager newSubManager() {
      return proxy;
    }

    public NDManager getParentManager() {
      return proxy;
    }

    public Device getDevice() {
      return Device.cpu();
    }

    /** Does nothing. */
    public void tempAttachAll(NDResource... resources) {}

    /** Does nothing. */
    public void close() {}

    public NDArray create(float[] elements) {
      return create(elements, new Shape(elements.length));
    }

    public NDArray create(float[] elements, Shape shape) {
      return ofValue(this, shape, graph.constant(elements, shape));
    }

    public NDArray zeros(Shape shape) {
      return new TracedArray(this, shape, new Zeros()).proxy;
    }

    public NDArray zeros(Shape shape, DataType type) {
      if (type != DataType.FLOAT32) {
        throw new UnsupportedOperationException("the data type " + type);
      }
      return zeros(shape);
    }
  }

  private TracedArray(Manager manager, Shape shape, Form form) {
    this.manager = manager;
    this.graph = manager.graph;
    this.shape = shape;
    this.form = form;
    this.proxy = (NDArray) PartialProxy.create(this, NDArray.class, NDArrayEx.class);
  }

  /** {@return an input of the graph, which is a value of it} */
  static NDArray input(OnnxGraph graph, Shape shape, String name) {
    graph.addInput(name, shape);
    return ofValue(new Manager(graph), shape, name);
  }

  private static NDArray ofValue(Manager manager, Shape shape, String value) {
    return new TracedArray(manager, shape, new Value(value)).proxy;
  }

  /** {@return the value of an array in this graph: traced, or a parameter} */
  static String valueOf(OnnxGraph graph, NDArray array) {
    return PartialProxy.implementation(array, TracedArray.class)
        .map(TracedArray::value)
        .orElseGet(() -> graph.parameter(array));
  }

  private static TracedArray traced(NDArray array) {
    return PartialProxy.implementation(array, TracedArray.class)
        .orElseThrow(() -> new UnsupportedOperationException("an operation on parameters alone"));
  }

  private String value() {
    if (form instanceof Value value) {
      return value.name();
    }
    if (form instanceof Transposed transposed) {
      long[] axes = transposed.axes().stream().mapToLong(axis -> axis).toArray();
      return graph.add("Transpose", List.of(transposed.source().value()), attribute("perm", axes));
    }
    if (form instanceof Padded padded) {
      long[] amounts = array(concat(padded.before(), padded.after()));
      return graph.add("Pad", List.of(padded.source().value(), graph.constant(amounts)));
    }
    if (shape.get(0) == ANY) {
      throw new UnsupportedOperationException("zeros for each image");
    }
    return graph.constant(new float[(int) shape.size()], shape);
  }

  private NDArray node(
      String operator, Shape result, List<String> inputs, AttributeProto... attributes) {
    return ofValue(manager, result, graph.add(operator, inputs, attributes));
  }

  private NDArray elementwise(String operator) {
    return node(operator, shape, List.of(value()));
  }

  private NDArray elementwise(String operator, NDArray other) {
    return node(
        operator, broadcast(shape, other.getShape()), List.of(value(), valueOf(graph, other)));
  }

  private NDArray elementwise(String operator, Number other) {
    return node(operator, shape, List.of(value(), scalar(other)));
  }

  private String scalar(Number number) {
    return graph.constant(new float[] {number.floatValue()}, new Shape());
  }

  private static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.dimension(), b.dimension());
    return new Shape(
        IntStream.range(0, rank)
            .mapToLong(
                axis -> {
                  int ofA = axis - rank + a.dimension();
                  int ofB = axis - rank + b.dimension();
                  long size = ofA < 0 ? 1 : a.get(ofA);
                  return size == 1 && ofB >= 0 ? b.get(ofB) : size;
                })
            .toArray());
  }

  private Shape withSize(int axis, long size) {
    long[] sizes = shape.getShape().clone();
    sizes[axis] = size;
    return new Shape(sizes);
  }

  private int axis(int axis) {
    return axis < 0 ? axis + shape.dimension() : axis;
  }

  // NDArray

  public Shape getShape() {
    return shape;
  }

  public DataType getDataType() {
    return DataType.FLOAT32;
  }

  public NDArray toType(DataType type, boolean copy) {
    if (type != DataType.FLOAT32) {
      throw new UnsupportedOperationException("the data type " + type);
    }
    return proxy;
  }

  public Device getDevice() {
    return Device.cpu();
  }

  public NDManager getManager() {
    return manager.proxy;
  }

  public NDArrayEx getNDArrayInternal() {
    return (NDArrayEx) proxy;
  }

  /** Does nothing: the graph owns its values. */
  public void attach(NDManager owner) {}

  /** Does nothing: the graph owns its values. */
  public void tempAttach(NDManager owner) {}

  /** Does nothing: the graph owns its values. */
  public void close() {}

  public NDArray add(NDArray other) {
    return elementwise("Add", other);
  }

  public NDArray add(Number other) {
    return elementwise("Add", other);
  }

  public NDArray sub(NDArray other) {
    return elementwise("Sub", other);
  }

  public NDArray sub(Number other) {
    return elementwise("Sub", other);
  }

  public NDArray mul(NDArray other) {
    return elementwise("Mul", other);
  }

  public NDArray mul(Number other) {
    return elementwise("Mul", other);
  }

  public NDArray div(NDArray other) {
    return elementwise("Div", other);
  }

  public NDArray div(Number other) {
    return elementwise("Div", other);
  }

  public NDArray maximum(NDArray other) {
    return elementwise("Max", other);
  }

  public NDArray maximum(Number other) {
    return elementwise("Max", other);
  }

  public NDArray minimum(NDArray other) {
    return elementwise("Min", other);
  }

  public NDArray minimum(Number other) {
    return elementwise("Min", other);
  }

  public NDArray pow(Number exponent) {
    return elementwise("Pow", exponent);
  }

  public NDArray square() {
    return elementwise("Mul", proxy);
  }

  public NDArray neg() {
    return elementwise("Neg");
  }

  public NDArray abs() {
    return elementwise("Abs");
  }

  public NDArray sqrt() {
    return elementwise("Sqrt");
  }

  public NDArray exp() {
    return elementwise("Exp");
  }

  public NDArray log() {
    return elementwise("Log");
  }

  public NDArray tanh() {
    return elementwise("Tanh");
  }

  public NDArray clip(Number min, Number max) {
    return node("Clip", shape, List.of(value(), scalar(min), scalar(max)));
  }

  public NDArray softmax(int axis) {
    return node("Softmax", shape, List.of(value()), attribute("axis", axis));
  }

  public NDArray logSoftmax(int axis) {
    return node("LogSoftmax", shape, List.of(value()), attribute("axis", axis));
  }

  public NDArray sum(int[] axes, boolean keepDims) {
    return node(
        "ReduceSum",
        reduced(axes, keepDims),
        List.of(value(), graph.constant(Arrays.stream(axes).asLongStream().toArray())),
        attribute("keepdims", keepDims ? 1 : 0));
  }

  public NDArray mean(int[] axes, boolean keepDims) {
    return node(
        "ReduceMean",
        reduced(axes, keepDims),
        List.of(value()),
        attribute("axes", Arrays.stream(axes).asLongStream().toArray()),
        attribute("keepdims", keepDims ? 1 : 0));
  }

  private Shape reduced(int[] axes, boolean keepDims) {
    List<Integer> all = Arrays.stream(axes).map(this::axis).boxed().toList();
    return new Shape(
        IntStream.range(0, shape.dimension())
            .filter(axis -> keepDims || !all.contains(axis))
            .mapToLong(axis -> all.contains(axis) ? 1 : shape.get(axis))
            .toArray());
  }

  public NDArray matMul(NDArray other) {
    Shape columns = other.getShape();
    if (columns.dimension() != 2) {
      throw new UnsupportedOperationException("matMul with an array of shape " + columns);
    }
    return node(
        "MatMul",
        withSize(shape.dimension() - 1, columns.get(1)),
        List.of(value(), valueOf(graph, other)));
  }

  public NDArray flip(int... axes) {
    int count = axes.length;
    long[] first = LongStream.generate(() -> -1).limit(count).toArray();
    long[] beforeFirst = LongStream.generate(() -> Long.MIN_VALUE).limit(count).toArray();
    return slice(Arrays.stream(axes).asLongStream().toArray(), first, beforeFirst, first, shape);
  }

  private NDArray slice(long[] axes, long[] starts, long[] ends, long[] steps, Shape result) {
    return node(
        "Slice",
        result,
        List.of(
            value(),
            graph.constant(starts),
            graph.constant(ends),
            graph.constant(axes),
            graph.constant(steps)));
  }

  /** Supports single indices and slices of positive step. */
  public NDArray get(NDIndex index) {
    NDArray result = proxy;
    List<Integer> dropped = new ArrayList<>();
    for (int axis = 0; axis < index.getRank(); axis++) {
      NDIndexElement element = index.get(axis);
      if (element instanceof NDIndexSlice slice) {
        result = traced(result).slice(axis, slice);
      } else if (element instanceof NDIndexFixed fixed) {
        long at = fixed.getIndex();
        result = traced(result).slice(axis, new NDIndexSlice(at, at == -1 ? null : at + 1, null));
        dropped.add(axis);
      } else if (!(element instanceof NDIndexAll)) {
        throw new UnsupportedOperationException("get with " + element.getClass().getSimpleName());
      }
    }
    return dropped.isEmpty()
        ? result
        : traced(result).squeeze(dropped.stream().mapToInt(Integer::intValue).toArray());
  }

  private NDArray slice(int axis, NDIndexSlice slice) {
    long size = shape.get(axis);
    long step = slice.getStep() == null ? 1 : slice.getStep();
    if (size == ANY || step < 1) {
      throw new UnsupportedOperationException("get with a slice of the batch or a negative step");
    }
    long start = position(slice.getMin(), 0, size);
    long end = position(slice.getMax(), size, size);
    long length = Math.max(0, (end - start + step - 1) / step);
    return slice(
        new long[] {axis},
        new long[] {start},
        new long[] {end},
        new long[] {step},
        withSize(axis, length));
  }

  private static long position(@Nullable Long index, long byDefault, long size) {
    if (index == null) {
      return byDefault;
    }
    return Math.max(0, Math.min(size, index < 0 ? index + size : index));
  }

  public NDArray squeeze(int[] axes) {
    return node(
        "Squeeze",
        reduced(axes, false),
        List.of(
            value(), graph.constant(Arrays.stream(axes).map(this::axis).asLongStream().toArray())));
  }

  public NDArray expandDims(int axis) {
    long[] sizes = new long[shape.dimension() + 1];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = i == axis ? 1 : shape.get(i < axis ? i : i - 1);
    }
    return node("Unsqueeze", new Shape(sizes), List.of(value(), graph.constant(axis)));
  }

  /** Of two sizes of -1 the first must be that of the batch. */
  public NDArray reshape(Shape requested) {
    long[] target = requested.getShape().clone();
    long[] sizes = target.clone();
    for (int axis = 1; axis < sizes.length; axis++) {
      if (sizes[axis] == ANY) {
        int first = 0;
        if (shape.get(0) == ANY && target[0] == ANY) {
          target[0] = 0; // that of this array
          first = 1;
        }
        sizes[axis] = 1;
        sizes[axis] = shape.slice(first).size() / new Shape(sizes).slice(first).size();
      }
    }
    return node("Reshape", new Shape(sizes), List.of(value(), graph.constant(target)));
  }

  public NDArray transpose(int... axes) {
    if (form instanceof Transposed transposed) {
      return transposed
          .source()
          .transpose(Arrays.stream(axes).map(axis -> transposed.axes().get(axis)).toArray());
    }
    if (Arrays.equals(axes, IntStream.range(0, axes.length).toArray())) {
      return proxy;
    }
    if (form instanceof Padded padded) {
      NDArray source = padded.source().transpose(axes);
      return traced(source).pad(permuted(padded.before(), axes), permuted(padded.after(), axes));
    }
    List<Integer> order = Arrays.stream(axes).boxed().toList();
    Shape result = new Shape(array(permuted(sizes(), axes)));
    return new TracedArray(manager, result, new Transposed(this, order)).proxy;
  }

  private static List<Long> permuted(List<Long> values, int[] axes) {
    return Arrays.stream(axes).mapToObj(values::get).toList();
  }

  private List<Long> sizes() {
    return list(shape);
  }

  private static List<Long> list(Shape shape) {
    return Arrays.stream(shape.getShape()).boxed().toList();
  }

  private static long[] array(List<Long> values) {
    return values.stream().mapToLong(value -> value).toArray();
  }

  private static List<Long> concat(List<Long> a, List<Long> b) {
    return Stream.concat(a.stream(), b.stream()).toList();
  }

  public NDArray zerosLike() {
    return new TracedArray(manager, shape, new Zeros()).proxy;
  }

  private NDArray pad(List<Long> before, List<Long> after) {
    if (form instanceof Padded padded) {
      return padded.source().pad(sum(padded.before(), before), sum(padded.after(), after));
    }
    Shape result = new Shape(array(sum(sum(sizes(), before), after)));
    return new TracedArray(manager, result, new Padded(this, before, after)).proxy;
  }

  /** Adds amounts of padding, none of them to the size of the batch. */
  private static List<Long> sum(List<Long> a, List<Long> b) {
    return IntStream.range(0, a.size())
        .mapToObj(i -> b.get(i) == 0 ? a.get(i) : (Long) (a.get(i) + b.get(i)))
        .toList();
  }

  // NDArrayEx

  public NDArray getArray() {
    return proxy;
  }

  public NDArray relu() {
    return elementwise("Relu");
  }

  public NDArray sigmoid() {
    return elementwise("Sigmoid");
  }

  public NDArray softPlus() {
    return elementwise("Softplus");
  }

  public NDArray softSign() {
    return elementwise("Softsign");
  }

  public NDArray leakyRelu(float alpha) {
    return node("LeakyRelu", shape, List.of(value()), attribute("alpha", alpha));
  }

  public NDArray elu(float alpha) {
    return node("Elu", shape, List.of(value()), attribute("alpha", alpha));
  }

  public NDArray swish(float beta) {
    return elementwise("Mul", traced(mul(beta)).sigmoid());
  }

  /** Does nothing: networks are translated for inference. */
  public NDList dropout(NDArray input, float rate, boolean training) {
    return new NDList(input);
  }

  /** {@return this array and others, joined; zeros at the ends become padding} */
  public NDArray concat(NDList others, int requestedAxis) {
    int axis = axis(requestedAxis);
    List<NDArray> arrays = new ArrayList<>(List.of(proxy));
    arrays.addAll(others);
    long size = arrays.stream().mapToLong(array -> array.getShape().get(axis)).sum();
    long before = removeZeros(arrays, 0, axis);
    long after = removeZeros(arrays, arrays.size() - 1, axis);
    if (arrays.size() > 1) {
      Shape joined = withSize(axis, size - before - after);
      List<String> inputs = arrays.stream().map(array -> valueOf(graph, array)).toList();
      arrays = List.of(node("Concat", joined, inputs, attribute("axis", axis)));
    }
    return before + after == 0
        ? arrays.get(0)
        : traced(arrays.get(0)).pad(along(axis, before), along(axis, after));
  }

  private static long removeZeros(List<NDArray> arrays, int index, int axis) {
    boolean isZeros =
        arrays.size() > 1
            && PartialProxy.implementation(arrays.get(index), TracedArray.class)
                .filter(array -> array.form instanceof Zeros)
                .isPresent();
    return isZeros ? arrays.remove(index).getShape().get(axis) : 0;
  }

  private List<Long> along(int requestedAxis, long amount) {
    return IntStream.range(0, shape.dimension())
        .mapToObj(axis -> axis == requestedAxis ? amount : 0L)
        .toList();
  }

  public NDList convolution(
      NDArray input,
      NDArray weight,
      @Nullable NDArray bias,
      Shape stride,
      Shape padding,
      Shape dilation,
      int groups) {
    TracedArray source = traced(input);
    List<Long> pads = concat(list(padding), list(padding));
    if (source.form instanceof Padded padded && padded.isSpatial()) {
      pads = sum(pads, padded.spatial());
      source = padded.source();
    }
    Shape kernel = weight.getShape().slice(SPATIAL);
    long[] sizes = traced(input).windows(kernel, stride, padding, dilation, false);
    sizes[1] = weight.getShape().get(0);
    List<String> inputs = new ArrayList<>(List.of(source.value(), valueOf(graph, weight)));
    if (bias != null) {
      inputs.add(valueOf(graph, bias));
    }
    return new NDList(
        node(
            "Conv",
            new Shape(sizes),
            inputs,
            attribute("kernel_shape", kernel.getShape()),
            attribute("strides", stride.getShape()),
            attribute("pads", array(pads)),
            attribute("dilations", dilation.getShape()),
            attribute("group", groups)));
  }

  /** {@return the shape of this array (N, C, …) after a window has moved over it} */
  private long[] windows(
      Shape kernel, Shape stride, Shape padding, Shape dilation, boolean roundUp) {
    long[] sizes = shape.getShape().clone();
    for (int axis = 0; axis < kernel.dimension(); axis++) {
      long size = sizes[axis + SPATIAL];
      long pad = padding.get(axis);
      long step = stride.get(axis);
      long length = size + 2 * pad - dilation.get(axis) * (kernel.get(axis) - 1) - 1;
      long last = roundUp ? (length + step - 1) / step : length / step;
      if (roundUp && last * step >= size + pad) {
        last--; // a window must begin in the array or in the padding before it
      }
      sizes[axis + SPATIAL] = last + 1;
    }
    return sizes;
  }

  public NDArray maxPool(Shape kernel, Shape stride, Shape padding, boolean ceilMode) {
    return pool("MaxPool", kernel, stride, padding, ceilMode);
  }

  public NDArray avgPool(
      Shape kernel, Shape stride, Shape padding, boolean ceilMode, boolean countIncludePad) {
    return pool(
        "AveragePool",
        kernel,
        stride,
        padding,
        ceilMode,
        attribute("count_include_pad", countIncludePad ? 1 : 0));
  }

  private NDArray pool(
      String operator,
      Shape kernel,
      Shape stride,
      Shape padding,
      boolean ceilMode,
      AttributeProto... more) {
    List<AttributeProto> attributes =
        new ArrayList<>(
            List.of(
                attribute("kernel_shape", kernel.getShape()),
                attribute("strides", stride.getShape()),
                attribute("pads", array(concat(list(padding), list(padding)))),
                attribute("ceil_mode", ceilMode ? 1 : 0)));
    attributes.addAll(List.of(more));
    long[] undilated = LongStream.generate(() -> 1).limit(kernel.dimension()).toArray();
    return node(
        operator,
        new Shape(windows(kernel, stride, padding, new Shape(undilated), ceilMode)),
        List.of(value()),
        attributes.toArray(AttributeProto[]::new));
  }

  public NDArray globalAvgPool() {
    return globalPool("GlobalAveragePool");
  }

  public NDArray globalMaxPool() {
    return globalPool("GlobalMaxPool");
  }

  private NDArray globalPool(String operator) {
    Shape channels = shape.slice(0, 2);
    return traced(node(operator, channels.addAll(new Shape(1, 1)), List.of(value())))
        .reshape(channels);
  }

  public NDList linear(NDArray input, NDArray weight, @Nullable NDArray bias) {
    TracedArray rows = traced(input);
    if (rows.shape.dimension() != 2) {
      throw new UnsupportedOperationException("linear on an array of shape " + rows.shape);
    }
    List<String> inputs = new ArrayList<>(List.of(rows.value(), valueOf(graph, weight)));
    if (bias != null) {
      inputs.add(valueOf(graph, bias));
    }
    return new NDList(
        node("Gemm", rows.withSize(1, weight.getShape().get(0)), inputs, attribute("transB", 1)));
  }

  public NDList batchNorm(
      NDArray input,
      NDArray runningMean,
      NDArray runningVariance,
      @Nullable NDArray gamma,
      @Nullable NDArray beta,
      int axis,
      float momentum,
      float epsilon,
      boolean training) {
    if (training || (axis != 1 && axis != -1)) {
      throw new UnsupportedOperationException("BatchNorm of axis %d in training".formatted(axis));
    }
    TracedArray source = traced(input);
    Shape channels = runningMean.getShape();
    float[] ones = new float[(int) channels.size()];
    Arrays.fill(ones, 1);
    return new NDList(
        node(
            "BatchNormalization",
            source.shape,
            List.of(
                source.value(),
                gamma == null ? graph.constant(ones, channels) : valueOf(graph, gamma),
                beta == null
                    ? graph.constant(new float[ones.length], channels)
                    : valueOf(graph, beta),
                valueOf(graph, runningMean),
                valueOf(graph, runningVariance)),
            attribute("epsilon", epsilon)));
  }
}

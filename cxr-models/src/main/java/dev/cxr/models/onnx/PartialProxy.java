package dev.cxr.models.onnx;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Implements large interfaces by an object with some of their methods. Default methods keep their
 * implementation; any other method throws an {@link UnsupportedOperationException} with its name.
 *
 * @param implementation has public methods of the same names and parameters
 */
record PartialProxy(Object implementation) implements InvocationHandler {

  /** {@return an object of these interfaces that has the methods of {@code implementation}} */
  static Object create(Object implementation, Class<?>... interfaces) {
    return Proxy.newProxyInstance(
        implementation.getClass().getClassLoader(), interfaces, new PartialProxy(implementation));
  }

  /** {@return the object behind a proxy, if it is one of this type} */
  static <T> Optional<T> implementation(@Nullable Object proxy, Class<T> type) {
    return proxy != null
            && Proxy.isProxyClass(proxy.getClass())
            && Proxy.getInvocationHandler(proxy) instanceof PartialProxy handler
            && type.isInstance(handler.implementation())
        ? Optional.of(type.cast(handler.implementation()))
        : Optional.empty();
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return implementation
          .getClass()
          .getMethod(method.getName(), method.getParameterTypes())
          .invoke(implementation, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } catch (NoSuchMethodException e) {
      if (method.isDefault()) {
        return InvocationHandler.invokeDefault(proxy, method, arguments);
      }
      throw new UnsupportedOperationException(method.getName());
    }
  }
}

package dev.circulate.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@link CommandDocs} kept of the Javadoc of a class's commands. */
final class KeptDocs {
  private static final ClassValue<Properties> OF_CLASS =
      new ClassValue<>() {
        @Override
        protected Properties computeValue(Class<?> type) {
          return load(type);
        }
      };

  private KeptDocs() {}

  /** Where it is kept, for a class of that binary name. */
  static String resource(String binaryName) {
    return "META-INF/circulate/commands/" + binaryName + ".properties";
  }

  /** What tells a method from the others of its class. */
  static String signature(Method method) {
    return method.getName()
        + Arrays.stream(method.getParameterTypes())
            .map(type -> type.getCanonicalName() == null ? type.getName() : type.getCanonicalName())
            .collect(Collectors.joining(",", "(", ")"));
  }

  /**
   * A part of what a method's Javadoc says.
   *
   * @param part as {@link JavadocText} names it
   * @return empty if nothing of it was kept
   */
  static String of(Method method, String part) {
    return OF_CLASS.get(method.getDeclaringClass()).getProperty(signature(method) + part, "");
  }

  private static Properties load(Class<?> type) {
    Properties docs = new Properties();
    ClassLoader loader = type.getClassLoader();
    try (InputStream in = open(loader, resource(type.getName()))) {
      if (in != null) {
        docs.load(new InputStreamReader(in, StandardCharsets.UTF_8));
      }
    } catch (IOException | IllegalArgumentException e) {
      docs.clear(); // documentation is not worth a service
    }
    return docs;
  }

  private static @Nullable InputStream open(@Nullable ClassLoader loader, String name) {
    return loader == null
        ? ClassLoader.getSystemResourceAsStream(name)
        : loader.getResourceAsStream(name);
  }
}

package dev.circulate.service;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;

/**
 * An annotation processor that keeps the Javadoc of {@link Command}s, which a class file does not
 * hold, as a resource beside the class: so that it is what {@code _commands} says of them.
 *
 * {@snippet :
 * class Calculator {
 *   /** Answers 42, or x + 42. *&#47;
 *   @Command
 *   int get42() {
 *     return 42;
 *   }
 * }
 * }
 *
 * <p>The first paragraphs are the command's doc text, {@code @param} those of its parameters;
 * {@code @since} and {@code @deprecated} say what they do in Javadoc. What the annotation says
 * itself goes before.
 *
 * <p><b>To use it</b> name this library where the compiler looks for processors, since it runs none
 * that it was not told of: in Maven an {@code annotationProcessorPaths} entry of the compiler
 * plugin, in Gradle {@code annotationProcessor}, for javac {@code -processor
 * dev.circulate.service.CommandDocs}. Without it everything works, and the texts are those of the
 * annotations.
 */
@SupportedAnnotationTypes("dev.circulate.service.Command")
public final class CommandDocs extends AbstractProcessor {
  /** For the compiler. */
  public CommandDocs() {}

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  @SuppressWarnings("DoNotClaimAnnotations") // our own; -Xlint:processing warns of one unclaimed
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Map<TypeElement, Map<String, String>> docs = new LinkedHashMap<>();
    for (Element element : round.getElementsAnnotatedWith(Command.class)) {
      String comment = processingEnv.getElementUtils().getDocComment(element);
      if (comment != null
          && element instanceof ExecutableElement method
          && method.getEnclosingElement() instanceof TypeElement type) {
        JavadocText.parse(comment)
            .forEach(
                (part, text) ->
                    docs.computeIfAbsent(type, _ -> new LinkedHashMap<>())
                        .put(signature(method) + part, text));
      }
    }
    docs.forEach(this::write);
    return true;
  }

  /** As {@link KeptDocs#signature} makes it of the method at run time. */
  private String signature(ExecutableElement method) {
    Types types = processingEnv.getTypeUtils();
    return method.getSimpleName()
        + method.getParameters().stream()
            .map(parameter -> name(types.erasure(parameter.asType())))
            .collect(Collectors.joining(",", "(", ")"));
  }

  private static String name(TypeMirror type) {
    return switch (type) {
      case ArrayType array -> name(array.getComponentType()) + "[]";
      case DeclaredType declared ->
          ((TypeElement) declared.asElement()).getQualifiedName().toString();
      default -> type.getKind().name().toLowerCase(java.util.Locale.ROOT); // a primitive
    };
  }

  private void write(TypeElement type, Map<String, String> docs) {
    String binaryName = processingEnv.getElementUtils().getBinaryName(type).toString();
    Properties properties = new Properties();
    properties.putAll(docs);
    try {
      StringWriter text = new StringWriter();
      properties.store(text, null);
      try (Writer out =
          processingEnv
              .getFiler()
              .createResource(
                  StandardLocation.CLASS_OUTPUT, "", KeptDocs.resource(binaryName), type)
              .openWriter()) {
        // without the line that says when it was written: the same source gives the same file
        out.write(
            text.toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n", "", "\n")));
      }
    } catch (IOException e) {
      processingEnv
          .getMessager()
          .printMessage(
              Diagnostic.Kind.WARNING, "the Javadoc of its commands could not be kept: " + e, type);
    }
  }
}

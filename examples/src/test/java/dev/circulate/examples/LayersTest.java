package dev.circulate.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Dependencies point one way: examples, then transports, then the runtime, then core. */
class LayersTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.circulate");

  /** Ports that are no channel, and what tells them, or who has no caller, how something ended. */
  private static final String DURABLE_WORK =
      ".*\\.rabbitmq\\.(WorkPuts|WorkTakes|Workers|Holdings|Refusals).*";

  /** Durable work, whose messages are values that a queue keeps: the rest of it moves frames. */
  private static final String WORK = ".*\\.rabbitmq\\.(Work|Delivery).*";

  private static final String[] CORE = {
    "dev.circulate", "dev.circulate.service..", "dev.circulate.internal.."
  };

  @Test
  @DisplayName("core knows no network, no codec and no server")
  void core() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.circulate.runtime..",
            "dev.circulate.websocket..",
            "dev.circulate.rabbitmq..",
            "java.net.http..",
            "com.cognitect..",
            "com.rabbitmq..",
            "org.eclipse.jetty..")
        .check(PRODUCT);
  }

  @Test
  @DisplayName("the channel algorithm is used by core, the runtime and ports of another kind only")
  void internal() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.circulate", "dev.circulate.service..")
        .and()
        .resideOutsideOfPackages("dev.circulate.internal..", "dev.circulate.runtime..")
        .and()
        .resideOutsideOfPackage("dev.circulate.testkit..")
        .and()
        .haveNameNotMatching(DURABLE_WORK)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.circulate.internal..")
        .check(PRODUCT);
  }

  @Test
  @DisplayName("the runtime knows no transport but those that need no network")
  void runtime() {
    noClasses()
        .that()
        .resideInAPackage("dev.circulate.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.circulate.websocket..",
            "dev.circulate.rabbitmq..",
            "com.rabbitmq..",
            "org.eclipse.jetty..",
            "java.net.http..")
        .check(PRODUCT);
  }

  @Test
  @DisplayName("a transport knows nothing of what is in a frame")
  void transports() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.circulate.websocket..", "dev.circulate.rabbitmq..")
        .and()
        .haveNameNotMatching(WORK)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.cognitect..", "dev.circulate.runtime.codec..")
        .check(PRODUCT);
  }

  @Test
  @DisplayName("nothing that ships uses Unsafe, or a queue that does")
  void unsafe() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.jctools.queues", "org.jctools.queues.unpadded")
                // the interface of all its queues, those without Unsafe as well
                .and(not(nameMatching(".*MessagePassingQueue.*")))
                .or(name("sun.misc.Unsafe")))
        .check(PRODUCT);
  }
}

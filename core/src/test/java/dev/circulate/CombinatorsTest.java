package dev.circulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.AccessFlags;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What connects channels, and whatever else of the package is not named here, is written with what
 * is public: so can be what a program writes itself.
 */
class CombinatorsTest {
  private static final String OURS = "dev/circulate/";
  private static final String INTERNAL = OURS + "internal/";

  /** Those through which what is internal is public; the publisher since it tells of an end. */
  private static final Set<String> KERNEL =
      Set.of(
          "Alts",
          "AltsLoop",
          "Blocks",
          "Channel",
          "ChannelBuilder",
          "ChannelFailedException",
          "ChannelPublisher",
          "Chosen",
          "Csp",
          "Deadline",
          "GoFor",
          "GoForRun",
          "Ports",
          "ReadPort",
          "Scope",
          "ScopeFailedException",
          "UncaughtHandler");

  private static final Map<String, ClassModel> CLASSES = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException, URISyntaxException {
    Path one = Path.of(Objects.requireNonNull(Csp.class.getResource("Csp.class")).toURI());
    Path folder = Objects.requireNonNull(one.getParent());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.class")) {
      for (Path file : files) {
        ClassModel read = ClassFile.of().parse(file);
        CLASSES.put(read.thisClass().asInternalName(), read);
      }
    }
  }

  private static boolean isKernel(String name) {
    return name.startsWith(OURS)
        && KERNEL.contains(name.substring(OURS.length()).replaceFirst("\\$.*", ""));
  }

  private static Stream<PoolEntry> constants(ClassModel model) {
    return StreamSupport.stream(model.constantPool().spliterator(), false);
  }

  /** Where a class names what is internal: as an owner, in a descriptor, in a signature. */
  private static Stream<String> internals(ClassModel model) {
    return constants(model)
        .filter(each -> each instanceof Utf8Entry text && text.stringValue().contains(INTERNAL))
        .map(each -> model.thisClass().asInternalName() + " names " + each);
  }

  /** What a class uses of the kernel that is not public. */
  private static Stream<String> hidden(ClassModel model) {
    return constants(model)
        .filter(
            each ->
                switch (each) {
                  case ClassEntry type -> isHidden(type);
                  case MemberRefEntry member -> isHidden(member);
                  default -> false;
                })
        .map(each -> model.thisClass().asInternalName() + " uses " + each);
  }

  private static boolean isHidden(ClassEntry used) {
    ClassModel model = CLASSES.get(used.asInternalName());
    return model != null && isKernel(used.asInternalName()) && isHidden(model.flags());
  }

  private static boolean isHidden(MemberRefEntry used) {
    ClassModel owner = CLASSES.get(used.owner().asInternalName());
    return owner != null
        && isKernel(used.owner().asInternalName())
        && Stream.concat(
                owner.methods().stream()
                    .filter(method -> isMeant(used, method.methodName(), method.methodType()))
                    .map(MethodModel::flags),
                owner.fields().stream()
                    .filter(field -> isMeant(used, field.fieldName(), field.fieldType()))
                    .map(FieldModel::flags))
            .anyMatch(CombinatorsTest::isHidden);
  }

  private static boolean isMeant(MemberRefEntry used, Utf8Entry name, Utf8Entry type) {
    return used.name().equalsString(name.stringValue())
        && used.type().equalsString(type.stringValue());
  }

  private static boolean isHidden(AccessFlags flags) {
    return !flags.has(AccessFlag.PUBLIC);
  }

  private static Stream<ClassModel> others() {
    return CLASSES.entrySet().stream()
        .filter(each -> !isKernel(each.getKey()))
        .map(Map.Entry::getValue);
  }

  @Test
  @DisplayName("what connects channels knows nothing that is internal")
  void noInternals() {
    assertThat(others().flatMap(CombinatorsTest::internals)).isEmpty();
  }

  @Test
  @DisplayName("what connects channels uses of the kernel what is public")
  void nothingHidden() {
    assertThat(others().flatMap(CombinatorsTest::hidden)).isEmpty();
  }

  @Test
  @DisplayName("all of the package is looked at, and what is internal, or hidden, is seen")
  void sees() {
    assertThat(KERNEL).allMatch(name -> CLASSES.containsKey(OURS + name));
    assertThat(others().map(each -> each.thisClass().asInternalName()))
        .contains(OURS + "Pipes", OURS + "Pump", OURS + "Fanout$Tap", OURS + "Mix");
    ClassModel alts = Objects.requireNonNull(CLASSES.get(OURS + "Alts"));
    assertThat(internals(alts)).isNotEmpty();
    assertThat(hidden(alts)).as("it makes an AltsLoop").isNotEmpty();
  }
}

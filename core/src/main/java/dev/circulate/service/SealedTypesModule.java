package dev.circulate.service;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import org.jspecify.annotations.Nullable;

/**
 * Has a Jackson mapper write and read values of sealed types as services do: the fields of the
 * variant, and under {@code type} its simple name, which may be left out where the fields tell.
 *
 * {@snippet :
 * sealed interface Shape {
 *   record Circle(int radius) implements Shape {}
 *   record Square(int side) implements Shape {}
 * }
 * ObjectMapper mapper = JsonMapper.builder().addModule(new SealedTypesModule()).build();
 * mapper.writeValueAsString(new Shape.Circle(2)); // {"type":"Circle","radius":2}
 * }
 *
 * <p>For who carries what services answer over a wire of its own, as the HTTP gateway does. Types
 * with Jackson's own annotations for this are left to Jackson.
 */
public final class SealedTypesModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  /** A module for any mapper. */
  public SealedTypesModule() {
    super("sealed types");
    setDeserializers(
        new SimpleDeserializers() {
          private static final long serialVersionUID = 1;

          @Override
          public @Nullable JsonDeserializer<?> findBeanDeserializer(
              JavaType type, DeserializationConfig config, BeanDescription description) {
            return SealedTypes.isSealed(type.getRawClass()) ? new SealedTypes.OneOf(type) : null;
          }
        });
    setSerializerModifier(new SealedTypes.VariantWriter());
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addDeserializationProblemHandler(new SealedTypes.VariantNames());
  }
}

package dev.circulate.service;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.introspect.VirtualAnnotatedMember;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.VirtualBeanPropertyWriter;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.Annotations;
import com.fasterxml.jackson.databind.util.SimpleBeanPropertyDefinition;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sealed types as plain data: the fields of one of their variants. Which one it is, says {@code
 * type}, the variant's simple name; without it the names of the fields do, where only one variant
 * has them. A type with Jackson's own annotations for that is left to Jackson.
 */
final class SealedTypes {
  /** The field that names the variant. */
  static final String TYPE = "type";

  private SealedTypes() {}

  /** Whether a type is sealed and told apart here. */
  static boolean isSealed(Class<?> type) {
    return type.isSealed() && !type.isEnum() && !isAnnotated(type);
  }

  private static boolean isAnnotated(Class<?> type) {
    return type.isAnnotationPresent(JsonTypeInfo.class)
        || type.isAnnotationPresent(JsonDeserialize.class);
  }

  /** Whether a class is a variant of a sealed type. */
  static boolean isVariant(Class<?> type) {
    Class<?> above = type.getSuperclass();
    return (above != null && isSealed(above))
        || Arrays.stream(type.getInterfaces()).anyMatch(SealedTypes::isSealed);
  }

  /** The variants of a sealed type, also those below sealed ones. */
  static List<Class<?>> variants(Class<?> type) {
    List<Class<?>> variants = new ArrayList<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      if (permitted.isSealed() && !permitted.isEnum()) {
        variants.addAll(variants(permitted));
      }
      if (!Modifier.isAbstract(permitted.getModifiers()) || permitted.isEnum()) {
        variants.add(permitted);
      }
    }
    return variants.stream().distinct().toList();
  }

  /** A variant with the type arguments that a sealed type gives it. */
  static JavaType typeOf(Class<?> variant, JavaType type, TypeFactory types) {
    return types.constructSpecializedType(type, variant, true);
  }

  /** Reads one of the variants. */
  static final class OneOf extends StdDeserializer<Object> {
    private static final long serialVersionUID = 1;

    private final transient JavaType type;
    private final transient List<Class<?>> variants;

    OneOf(JavaType type) {
      super(type);
      this.type = type;
      this.variants = variants(type.getRawClass());
    }

    @Override
    public @Nullable Object deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      Class<?> variant;
      TokenBuffer copy = context.bufferForInputBuffering(in);
      if (in.currentToken() == JsonToken.START_OBJECT) {
        variant = variant(in, copy, context);
      } else {
        List<Class<?>> constants = variants.stream().filter(Class::isEnum).toList();
        variant =
            constants.size() == 1
                ? constants.getFirst()
                : refused("a " + in.currentToken(), context);
        copy.copyCurrentStructure(in);
      }
      try (JsonParser again = copy.asParserOnFirstToken()) {
        return context.readValue(again, typeOf(variant, type, context.getTypeFactory()));
      }
    }

    private Class<?> variant(JsonParser in, TokenBuffer copy, DeserializationContext context)
        throws IOException {
      Set<String> names = new HashSet<>();
      String said = null;
      copy.writeStartObject();
      for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
        JsonToken token = in.nextToken();
        if (name.equals(TYPE) && token == JsonToken.VALUE_STRING) {
          said = in.getText();
        }
        names.add(name);
        copy.writeFieldName(name);
        copy.copyCurrentStructure(in);
      }
      copy.writeEndObject();
      for (Class<?> variant : variants) {
        if (variant.getSimpleName().equals(said)) {
          return variant;
        }
      }
      List<Class<?>> fitting =
          variants.stream().filter(variant -> fields(variant, context).equals(names)).toList();
      return fitting.size() == 1
          ? fitting.getFirst()
          : refused(
              (fitting.isEmpty() ? "" : "what may be any of " + titles(fitting) + ": ") + names,
              context);
    }

    private static Set<String> fields(Class<?> variant, DeserializationContext context) {
      return context
          .getConfig()
          .introspect(context.constructType(variant))
          .findProperties()
          .stream()
          .map(BeanPropertyDefinition::getName)
          .collect(Collectors.toSet());
    }

    private Class<?> refused(String came, DeserializationContext context) throws IOException {
      return context.reportInputMismatch(
          this,
          "expected one of %s, told by '%s' or by its fields, not %s",
          titles(variants),
          TYPE,
          came);
    }

    private static String titles(List<Class<?>> variants) {
      return variants.stream().map(Class::getSimpleName).collect(Collectors.joining(", "));
    }
  }

  /** Lets the name of its variant stand in what is read as a variant itself. */
  static final class VariantNames extends DeserializationProblemHandler {
    @Override
    public boolean handleUnknownProperty(
        DeserializationContext context,
        JsonParser in,
        JsonDeserializer<?> deserializer,
        Object beanOrClass,
        String name)
        throws IOException {
      Class<?> type = beanOrClass instanceof Class<?> known ? known : beanOrClass.getClass();
      return name.equals(TYPE)
          && isVariant(type)
          && in.hasToken(JsonToken.VALUE_STRING)
          && in.getText().equals(type.getSimpleName());
    }
  }

  /** Writes which variant a value is, if it has no field of that name itself. */
  static final class VariantWriter extends BeanSerializerModifier {
    private static final long serialVersionUID = 1;

    @Override
    public List<BeanPropertyWriter> changeProperties(
        SerializationConfig config,
        BeanDescription description,
        List<BeanPropertyWriter> properties) {
      Class<?> type = description.getBeanClass();
      if (isVariant(type) && properties.stream().noneMatch(p -> p.getName().equals(TYPE))) {
        properties.addFirst(new VariantName(config, description));
      }
      return properties;
    }
  }

  private static final class VariantName extends VirtualBeanPropertyWriter {
    private static final long serialVersionUID = 1;

    VariantName(SerializationConfig config, BeanDescription description) {
      this(definition(config, description), description.getClassAnnotations(), config);
    }

    private VariantName(
        BeanPropertyDefinition definition, Annotations annotations, MapperConfig<?> config) {
      super(definition, annotations, config.constructType(String.class));
    }

    private static BeanPropertyDefinition definition(
        SerializationConfig config, BeanDescription description) {
      return SimpleBeanPropertyDefinition.construct(
          config,
          new VirtualAnnotatedMember(
              description.getClassInfo(),
              description.getBeanClass(),
              TYPE,
              config.constructType(String.class)),
          PropertyName.construct(TYPE));
    }

    @Override
    protected Object value(Object bean, JsonGenerator out, SerializerProvider provider) {
      return bean.getClass().getSimpleName();
    }

    @Override
    public VirtualBeanPropertyWriter withConfig(
        MapperConfig<?> config,
        AnnotatedClass declaring,
        BeanPropertyDefinition definition,
        JavaType type) {
      return this;
    }
  }
}

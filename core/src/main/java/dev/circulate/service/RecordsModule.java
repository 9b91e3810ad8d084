package dev.circulate.service;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AccessorNamingStrategy;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.DefaultAccessorNamingStrategy;
import com.fasterxml.jackson.databind.module.SimpleModule;
import org.jspecify.annotations.Nullable;

/**
 * Has a Jackson mapper see of a record what services see: its components, and nothing that other
 * methods of it tell, such as {@code isEmpty()} or {@code getTotal()}, which it could not read
 * back.
 *
 * {@snippet :
 * record Basket(List<String> items) {
 *   boolean isEmpty() {
 *     return items.isEmpty();
 *   }
 * }
 * ObjectMapper mapper = JsonMapper.builder().addModule(new RecordsModule()).build();
 * mapper.writeValueAsString(new Basket(List.of("tea"))); // {"items":["tea"]}
 * }
 *
 * <p>For who carries what services answer over a wire of its own, as the HTTP gateway does. A
 * method with Jackson's own {@code @JsonProperty} is seen.
 */
public final class RecordsModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  /** A module for any mapper. */
  public RecordsModule() {
    super("records");
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    ObjectMapper mapper = context.getOwner();
    mapper.setAccessorNaming(new Naming(mapper.getDeserializationConfig().getAccessorNaming()));
  }

  private static final class Naming extends AccessorNamingStrategy.Provider {
    private static final long serialVersionUID = 1;

    private final AccessorNamingStrategy.Provider others;

    Naming(AccessorNamingStrategy.Provider others) {
      this.others = others;
    }

    @Override
    public AccessorNamingStrategy forPOJO(MapperConfig<?> config, AnnotatedClass type) {
      return others.forPOJO(config, type);
    }

    @Override
    public AccessorNamingStrategy forBuilder(
        MapperConfig<?> config, AnnotatedClass builder, BeanDescription built) {
      return others.forBuilder(config, builder, built);
    }

    @Override
    public AccessorNamingStrategy forRecord(MapperConfig<?> config, AnnotatedClass type) {
      return new Components(config, type);
    }
  }

  private static final class Components extends DefaultAccessorNamingStrategy.RecordNaming {
    Components(MapperConfig<?> config, AnnotatedClass type) {
      super(config, type);
    }

    @Override
    public @Nullable String findNameForRegularGetter(AnnotatedMethod method, String name) {
      return _fieldNames.contains(name) ? name : null;
    }

    @Override
    public @Nullable String findNameForIsGetter(AnnotatedMethod method, String name) {
      return null;
    }
  }
}

package dev.circulate.runtime;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** Finds what opens the registry for a URI. */
final class Registries {
  private Registries() {}

  static RegistryProvider of(URI uri) throws IOException {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    Set<String> known = new TreeSet<>();
    for (RegistryProvider provider : ServiceLoader.load(RegistryProvider.class)) {
      if (provider.schemes().contains(scheme)) {
        return provider;
      }
      known.addAll(provider.schemes());
    }
    throw new IOException(
        "nodes at '"
            + Addresses.withoutUser(uri)
            + "' do not find each other by themselves: the class path has registries for the"
            + " schemes "
            + known);
  }
}

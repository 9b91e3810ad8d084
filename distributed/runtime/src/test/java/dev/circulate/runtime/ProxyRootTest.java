package dev.circulate.runtime;

import dev.circulate.contract.RootContract;

/** The laws of a root, kept towards callers in another address space. */
class ProxyRootTest extends RootContract {
  ProxyRootTest() {
    super(new FarReach());
  }
}

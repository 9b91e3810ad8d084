package dev.circulate.runtime;

import dev.circulate.contract.InterceptedRootContract;

/** The interceptors of a root, before callers in another address space. */
class ProxyInterceptedRootTest extends InterceptedRootContract {
  ProxyInterceptedRootTest() {
    super(new FarReach());
  }
}

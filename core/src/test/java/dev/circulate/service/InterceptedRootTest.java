package dev.circulate.service;

import dev.circulate.contract.InterceptedRootContract;
import dev.circulate.contract.Reach;

/** The interceptors of a root, before local callers. */
class InterceptedRootTest extends InterceptedRootContract {
  InterceptedRootTest() {
    super(Reach.local());
  }
}

package dev.circulate.service;

import dev.circulate.contract.GoForContract;
import dev.circulate.contract.Reach;

/** The laws of a GoFor, kept towards services in the same address space. */
class GoForTest extends GoForContract {
  GoForTest() {
    super(Reach.local());
  }
}

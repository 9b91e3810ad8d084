import type { Pending } from "./traits.js";

/** What is to be done once when something has happened, in the order in which it was added. */
export class Watches {
  private tasks = new Set<() => void>();

  /** Adds a task; answers what withdraws it. */
  add(task: () => void): Pending {
    const { tasks } = this;
    const watch = (): void => task(); // told apart from the same task of another
    tasks.add(watch);
    return () => tasks.delete(watch); // also while they are being done
  }

  /** Does it all. */
  run(): void {
    const due = this.tasks;
    this.tasks = new Set();
    due.forEach((task) => task());
  }
}

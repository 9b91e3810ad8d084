import { localLaws } from "./laws/local.js";
import { memoryLaws } from "./laws/memory.js";

localLaws();
memoryLaws();

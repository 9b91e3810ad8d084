package dev.circulate.benchmarks
import kotlinx.coroutines.*
import kotlinx.coroutines.channels.Channel
fun x(): Int = runBlocking(Dispatchers.Default) { val c = Channel<Int>(16); launch { c.send(1) }; c.receive() }

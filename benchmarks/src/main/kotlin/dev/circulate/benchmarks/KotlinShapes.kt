@file:JvmName("KotlinShapes")

package dev.circulate.benchmarks

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withTimeout

// The shapes of Peer in coroutines, on the default dispatcher. Capacity 0 is Channel.RENDEZVOUS.

private const val LIMIT_MILLIS = 60_000L

private fun measured(body: suspend CoroutineScope.() -> Long): Long =
    runBlocking(Dispatchers.Default, body)

private suspend fun putAll(channel: Channel<Int>, values: Int) {
  for (i in 0 until values) channel.send(i)
}

private suspend fun takeAll(channel: Channel<Int>, values: Int): Long {
  var sum = 0L
  for (i in 0 until values) sum += channel.receive()
  return sum
}

private suspend fun selectAll(channels: List<Channel<Int>>, values: Int): Long {
  var sum = 0L
  for (i in 0 until values) {
    sum += select<Int> { for (channel in channels) channel.onReceive { it } }
  }
  return sum
}

private suspend fun List<Deferred<Long>>.sum(): Long {
  var sum = 0L
  for (task in this) sum += task.await()
  return sum
}

fun transfer(capacity: Int, putters: Int, takers: Int, values: Int): Long = measured {
  val channel = Channel<Int>(capacity)
  repeat(putters) { launch { putAll(channel, values / putters) } }
  List(takers) { async { takeAll(channel, values / takers) } }.sum()
}

fun pingPong(rounds: Int): Long = measured {
  val there = Channel<Int>()
  val back = Channel<Int>()
  launch { for (i in 0 until rounds) back.send(there.receive()) }
  var sum = 0L
  for (i in 0 until rounds) {
    there.send(i)
    sum += back.receive()
  }
  sum
}

fun chain(capacity: Int, stages: Int, values: Int): Long = measured {
  val first = Channel<Int>(capacity)
  var last = first
  repeat(stages) {
    val taken = last
    val next = Channel<Int>(capacity)
    launch { for (i in 0 until values) next.send(taken.receive()) }
    last = next
  }
  launch { putAll(first, values) }
  takeAll(last, values)
}

fun pairs(capacity: Int, pairs: Int, values: Int): Long = measured {
  List(pairs) {
        val channel = Channel<Int>(capacity)
        launch { putAll(channel, values) }
        async { takeAll(channel, values) }
      }
      .sum()
}

fun select(capacity: Int, arms: Int, values: Int): Long = measured {
  val channels = List(arms) { Channel<Int>(capacity) }
  for (channel in channels) launch { putAll(channel, values / arms) }
  selectAll(channels, values)
}

fun selectOneBusy(arms: Int, values: Int): Long = measured {
  val channels = List(arms) { Channel<Int>() }
  launch { putAll(channels.last(), values) }
  selectAll(channels, values)
}

fun roundRobin(capacity: Int, channels: Int, values: Int): Long = measured {
  val all = List(channels) { Channel<Int>(capacity) }
  launch { for (i in 0 until values) all[i % channels].send(i) }
  var sum = 0L
  for (i in 0 until values) sum += all[i % channels].receive()
  sum
}

fun spawn(tasks: Int, rounds: Int): Long = measured {
  var sum = 0L
  repeat(rounds) { sum += List(tasks) { i -> async { i.toLong() } }.sum() }
  sum
}

fun timedTakes(values: Int): Long = measured {
  val channel = Channel<Int>()
  launch { putAll(channel, values) }
  var sum = 0L
  for (i in 0 until values) sum += withTimeout(LIMIT_MILLIS) { channel.receive() }
  sum
}

fun idleChannel(capacity: Int): Any = Channel<Int>(capacity)

@OptIn(DelicateCoroutinesApi::class)
fun parkedTakers(count: Int): Any =
    List(count) {
      val channel = Channel<Int>()
      Pair(channel, GlobalScope.async { channel.receive() })
    }

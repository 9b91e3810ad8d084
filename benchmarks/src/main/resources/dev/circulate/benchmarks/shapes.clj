(ns dev.circulate.benchmarks.shapes
  "The shapes of Peer in go blocks of core.async."
  (:require [clojure.core.async :as async :refer [go chan <! >! <!! alts! timeout]]))

(def ^:private limit-millis 60000)

(defn- open [^long capacity]
  (if (zero? capacity) (chan) (chan capacity)))

(defn- put-all [channel ^long values]
  (go (loop [i 0]
        (if (< i values)
          (do (>! channel i) (recur (inc i)))
          0))))

(defn- take-all [channel ^long values]
  (go (loop [i 0 sum 0]
        (if (< i values)
          (recur (inc i) (+ sum (long (<! channel))))
          sum))))

(defn- select-all [channels ^long values]
  (go (loop [i 0 sum 0]
        (if (< i values)
          (let [[value _] (alts! channels)]
            (recur (inc i) (+ sum (long value))))
          sum))))

(defn- join [tasks]
  (reduce (fn [^long sum task] (+ sum (long (<!! task)))) 0 tasks))

(defn transfer [capacity putters takers values]
  (let [channel (open capacity)]
    (join (into (mapv (fn [_] (put-all channel (quot values putters))) (range putters))
                (mapv (fn [_] (take-all channel (quot values takers))) (range takers))))))

(defn- relay [in out ^long values]
  (go (loop [i 0]
        (if (< i values)
          (do (>! out (<! in)) (recur (inc i)))
          0))))

(defn ping-pong [^long rounds]
  (let [there (chan)
        back (chan)]
    (join [(relay there back rounds)
           (go (loop [i 0 sum 0]
                 (if (< i rounds)
                   (do (>! there i)
                       (recur (inc i) (+ sum (long (<! back)))))
                   sum)))])))

(defn chain [capacity stages values]
  (let [channels (vec (repeatedly (inc stages) #(open capacity)))]
    (join (conj (mapv (fn [[in out]] (relay in out values)) (partition 2 1 channels))
                (put-all (first channels) values)
                (take-all (peek channels) values)))))

(defn pairs [capacity pairs values]
  (join (into []
              (mapcat (fn [_]
                        (let [channel (open capacity)]
                          [(put-all channel values) (take-all channel values)])))
              (range pairs))))

(defn select [capacity arms values]
  (let [channels (vec (repeatedly arms #(open capacity)))]
    (join (conj (mapv #(put-all % (quot values arms)) channels)
                (select-all channels values)))))

(defn select-one-busy [arms values]
  (let [channels (vec (repeatedly arms chan))]
    (join [(put-all (peek channels) values)
           (select-all channels values)])))

(defn round-robin [capacity channels values]
  (let [all (vec (repeatedly channels #(open capacity)))]
    (join [(go (loop [i 0]
                 (if (< i values)
                   (do (>! (nth all (rem i channels)) i) (recur (inc i)))
                   0)))
           (go (loop [i 0 sum 0]
                 (if (< i values)
                   (recur (inc i) (+ sum (long (<! (nth all (rem i channels))))))
                   sum)))])))

(defn spawn [tasks rounds]
  (<!! (go (loop [round 0 sum 0]
             (if (< round rounds)
               (let [started (mapv (fn [i] (go i)) (range tasks))
                     joined (loop [i 0 sum 0]
                              (if (< i tasks)
                                (recur (inc i) (+ sum (long (<! (nth started i)))))
                                sum))]
                 (recur (inc round) (+ sum (long joined))))
               sum)))))

(defn timed-takes [values]
  (let [channel (chan)]
    (join [(put-all channel values)
           (go (loop [i 0 sum 0]
                 (if (< i values)
                   (let [[value _] (alts! [channel (timeout limit-millis)])]
                     (recur (inc i) (+ sum (long value))))
                   sum)))])))

(defn idle-channel [capacity]
  (open capacity))

(defn parked-takers [count]
  (mapv (fn [_] (let [channel (chan)] [channel (take-all channel 1)])) (range count)))

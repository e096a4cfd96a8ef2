import ArgumentParser

// One measurement, one JSON line, in the form of the peers' programs:
//
//   descent-bench --workload W1 --dtype float64 --threads 2 [--runs K] [--iterations T] [--repeats 3] [--dump DIR]

DescentBench.main()

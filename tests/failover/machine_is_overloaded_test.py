"""The machine has more to do than it can: nobody may take that for a failure."""

import os


def test_no_false_failover(cluster, programs):
    master, standby = cluster.start()
    burning = [programs.start("sh", "-c", "while :; do :; done", name=f"load-{n}") for n in range(2 * os.cpu_count())]
    with cluster.fault("all processors loaded") as fault:
        cluster.let_pass(cluster.true_or_short(600, 15))
        fault.undisturbed()
    for program in burning:
        program.end()
    assert "became-master" not in standby.log()
    assert cluster.settle() == [master, standby]

"""Programs under test: started with their output kept, awaited by what they say, and ended by their own id."""

import os
import re
import signal
import subprocess
from pathlib import Path

from lab.waiting import until

BIN = Path(os.environ.get("PIZWG_BIN", "build/dev/bin"))


def run(*arguments, check=True, timeout=60, **options):
    """Runs a command to its end; its output as text. A program of ours is named without its folder."""
    command = [str(a) for a in arguments]
    if (BIN / command[0]).exists():
        command[0] = str(BIN / command[0])
    result = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False, **options)
    if check and result.returncode != 0:
        raise AssertionError(f"{command} exited with {result.returncode}\n{result.stdout}{result.stderr}")
    return result


class Program:
    """A running program. Its standard output and error go to one file, which `log` reads."""

    def __init__(self, folder, name, arguments, **options):
        command = [str(a) for a in arguments]
        if (BIN / command[0]).exists():
            command[0] = str(BIN / command[0])
        self.name = name
        self.log_path = Path(folder) / f"{name}.log"
        self._log = open(self.log_path, "ab")
        self.began = len(self.log())  # one of the same name may have ended before
        options.setdefault("stdin", subprocess.PIPE)
        options.setdefault("stdout", self._log)
        self.process = subprocess.Popen(command, stderr=self._log, **options)

    @property
    def pid(self):
        return self.process.pid

    def log(self):
        return self.log_path.read_text(errors="replace")

    def wait_for(self, pattern, timeout=10.0, after=0):
        """Waits until the output has a match of `pattern` at or after offset `after`; returns the match."""

        def found():
            match = re.compile(pattern, re.MULTILINE).search(self.log(), after)
            if not match and self.process.poll() is not None:
                match = re.compile(pattern, re.MULTILINE).search(self.log(), after)  # its last words
                if not match:
                    raise AssertionError(f"{self.name} ended with {self.process.returncode}, waiting for "
                                         f"{pattern!r}:\n{self.log()}")
            return match

        try:
            return until(found, timeout, f"{pattern!r} in the output of {self.name}")
        except AssertionError as failure:
            raise AssertionError(f"{failure}\n--- {self.name}:\n{self.log()}") from None

    def tell(self, line):
        """Writes a line to the program's standard input."""
        self.process.stdin.write((line + "\n").encode())
        self.process.stdin.flush()

    def signal(self, number):
        os.kill(self.process.pid, number)

    def wait(self, timeout=10.0):
        """The exit status, awaited."""
        return self.process.wait(timeout)

    def end(self, timeout=10.0):
        """SIGTERM, then the exit status; SIGKILL when that takes too long."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdin:
            try:
                self.process.stdin.close()
            except OSError:
                pass
        self._log.close()
        return self.process.returncode


class Programs:
    """Every program that one scenario started, ended in the reverse order."""

    def __init__(self, folder):
        self.folder = folder
        self._started = []

    def start(self, *arguments, name=None, **options):
        name = name or f"{Path(str(arguments[0])).name}-{len(self._started)}"
        program = Program(self.folder, name, arguments, **options)
        self._started.append(program)
        return program

    def end_all(self):
        """Ends what still runs. A sanitizer's report in any output fails the scenario."""
        for program in reversed(self._started):
            program.end()
        reports = [p.log() for p in self._started
                   if re.search(r"AddressSanitizer|LeakSanitizer|runtime error:", p.log())]
        assert not reports, "\n".join(reports)

"""Programs that want somebody at a terminal, and the somebody."""

import os
import pty
import re
import select


def converse(arguments, answers, timeout=240):
    """Runs a program on a terminal of its own, and types an answer wherever the last line shown matches its pattern; the exit
    status, and all that the terminal showed.

    Whoever asks for a password drops what was typed before the question was out: an answer comes when nothing more is shown.
    """
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(str(arguments[0]), [str(a) for a in arguments])
    shown, answered = "", 0
    while (said := _more(terminal, 1 if _answer(shown[answered:], answers) else timeout)) != "":
        if said is None:
            answer = _answer(shown[answered:], answers)
            assert answer is not None, f"{arguments[0]} says nothing more after:\n{shown}"
            os.write(terminal, answer.encode() + b"\n")
            answered = len(shown)
        else:
            shown += said
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown


def _more(terminal, timeout):
    """What the terminal shows next: None when nothing within `timeout`, "" at the end."""
    if not select.select([terminal], [], [], timeout)[0]:
        return None
    try:
        return os.read(terminal, 4096).decode(errors="replace")
    except OSError:  # the program's end of the terminal is closed
        return ""


def _answer(shown, answers):
    last = shown.splitlines()[-1] if shown.strip() else ""
    return next((answer for pattern, answer in answers.items() if re.search(pattern, last)), None)

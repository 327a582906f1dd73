/* A serial driver that counts line errors, in the place of a pty's, which does not: preloaded into pizwgd. The numbers stand in
   the file that PIZWG_LINE_ERRORS names: framing, parity, overrun, break, buffer overrun. */
#include <linux/serial.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  if (request != TIOCGICOUNT) return (int)syscall(SYS_ioctl, fd, request, argument);
  struct serial_icounter_struct* counted = argument;
  FILE* file = fopen(getenv("PIZWG_LINE_ERRORS"), "re");
  const int read = file ? fscanf(file, "%d %d %d %d %d", &counted->frame, &counted->parity, &counted->overrun, &counted->brk,
                                 &counted->buf_overrun) : 0;
  if (file) fclose(file);
  return read == 5 ? 0 : -1;
}

#pragma once
// glibc 2.36 (Debian 12) declares pidfd_open() and its kin for C only.

extern "C" {
#include <sys/pidfd.h>
}

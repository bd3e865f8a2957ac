#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "door.h"

// glibc gives large blocks back to the system at once and asks for them anew at the next step, whose pages the system then
// fills with zeros: a fifth of a training step. From here on they stay in the heap.
void mos_keep_memory() {
#ifdef __GLIBC__
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
    mallopt(M_TOP_PAD, 64 << 20);
    mallopt(M_ARENA_MAX, 1);
#endif
}

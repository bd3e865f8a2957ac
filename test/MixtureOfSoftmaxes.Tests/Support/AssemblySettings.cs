// libtorch's random state is one a process, and tests seed it.
[assembly: DoNotParallelize]

// The random numbers of libtorch are one stream a process: models train one at a time.
[assembly: DoNotParallelize]

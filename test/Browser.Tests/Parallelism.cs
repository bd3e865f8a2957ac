// libtorch has one stream of random numbers per process, so models must train one at a time.
[assembly: DoNotParallelize]

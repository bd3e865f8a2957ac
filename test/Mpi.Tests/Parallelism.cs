// Each test starts several processes, which wait for each other.
[assembly: DoNotParallelize]

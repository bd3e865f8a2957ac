using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Mos;

StandardStreams.Prepare();

// Of the processes that mpirun started the first one speaks for all.
bool speaks = MpiLauncher.Current is not { Rank: > 0 };
return CommandLine.Run(args, speaks ? Console.Out : TextWriter.Null, speaks ? Console.Error : TextWriter.Null);

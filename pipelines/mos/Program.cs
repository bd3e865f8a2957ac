using Mos;

StandardStreams.Prepare();
return CommandLine.Run(args, Console.Out, Console.Error);

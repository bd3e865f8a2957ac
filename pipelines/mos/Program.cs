using Mos;

StandardStreams.Prepare();
return CommandLine.Run(args, Speaker.Of(Console.Out), Speaker.Of(Console.Error));

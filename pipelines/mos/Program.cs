using Mos;

return CommandLine.Run(args, Console.Out, Console.Error);

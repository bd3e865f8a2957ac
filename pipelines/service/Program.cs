using MosService;

// Scores text over HTTP: --model FILE, --urls ADDRESSES; any limit of the scorer as --scorer:NAME VALUE.
if (!args.Any(arg => arg.StartsWith("--model", StringComparison.Ordinal)))
{
    Console.Error.WriteLine("usage: mos-service --model FILE [--urls http://127.0.0.1:5000] [--scorer:QueueCapacity N ...]");
    return 2;
}

await using WebApplication service = ScoringService.Build(args);
try
{
    ScoringService.LoadModel(service);
}
catch (Exception e) when (e is InvalidDataException or Microsoft.Extensions.Options.OptionsValidationException)
{
    Console.Error.WriteLine($"mos-service: {e.Message}");
    return 1;
}

await service.RunAsync();
return 0;

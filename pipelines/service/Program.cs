using Microsoft.Extensions.Options;
using MosService;

// Scores text over HTTP. Arguments: --model FILE, --urls ADDRESSES, and --scorer:NAME VALUE for any option of the scorer.
await using WebApplication service = ScoringService.Build(args);
try
{
    ScoringService.LoadModel(service);
}
catch (OptionsValidationException e)
{
    Console.Error.WriteLine($"mos-service: {e.Message}");
    Console.Error.WriteLine("usage: mos-service --model FILE [--urls http://127.0.0.1:5000] [--scorer:QueueCapacity N ...]");
    return 2;
}
catch (InvalidDataException e)
{
    Console.Error.WriteLine($"mos-service: {e.Message}");
    return 1;
}

await service.RunAsync();
return 0;

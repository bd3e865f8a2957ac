using Microsoft.Extensions.Options;
using MosService;

// Scores and continues text over HTTP. Arguments: --model FILE or --models:NAME:path FILE, --urls ADDRESSES, and --scorer:NAME VALUE for any
// option of the scorers.
const int Failed = 1, WrongUsage = 2;
const string Usage = "Usage: mos-service --model FILE [--models:NAME:path FILE ...] [--urls http://127.0.0.1:5000] [--scorer:QueueCapacity N ...]";

WebApplication service;
try
{
    service = ScoringService.Build(args);
}
catch (Exception e)
{
    // Nothing but settings has been read so far: arguments, environment variables, appsettings.json.
    return Refuse(WrongUsage, $"The settings cannot be used: {Describe(e)} {Usage}");
}

await using (service)
{
    try
    {
        ScoringService.LoadModels(service);
    }
    catch (OptionsValidationException e)
    {
        return Refuse(WrongUsage, $"{string.Join(' ', e.Failures)} {Usage}");
    }
    catch (InvalidDataException e)
    {
        return Refuse(Failed, e.Message);
    }

    try
    {
        await service.StartAsync();
    }
    catch (Exception e)
    {
        string address = service.Configuration[WebHostDefaults.ServerUrlsKey] is string urls ? $" at '{urls}'" : "";
        return Refuse(
            WrongUsage,
            $"Cannot start{address}: {Describe(e)} Check --urls (an address such as http://127.0.0.1:5000, whose port is free) and other settings.");
    }

    await service.WaitForShutdownAsync();
    return 0;
}

static int Refuse(int exitCode, string message)
{
    Console.Error.WriteLine($"mos-service: {message.ReplaceLineEndings(" ")}");
    return exitCode;
}

// With the innermost cause, which says what the outer exceptions leave open.
static string Describe(Exception error)
{
    string message = Sentence(error), cause = Sentence(error.GetBaseException());
    return message.Contains(cause, StringComparison.OrdinalIgnoreCase) ? message : $"{message} {cause}";
}

static string Sentence(Exception error) =>
    error.Message.Replace($" (Parameter '{(error as ArgumentException)?.ParamName}')", "").TrimEnd('.') + ".";

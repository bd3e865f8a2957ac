using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MosService.Completions;

namespace MosService;

/// <summary>What the OpenAPI document says of bodies that are read by hand.</summary>
internal static class ServiceDocument
{
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new() { Title = "mos-service", Version = "v1", Description = "Scores and continues texts with language models." };
        return Task.CompletedTask;
    });

    public static Task DescribeScore(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken) =>
        Describe(operation, new()
        {
            ["text"] = Schema(JsonSchemaType.String, "The text to score; this or texts."),
            ["texts"] = ArrayOf(Schema(JsonSchemaType.String), "The texts to score."),
            ["context"] = Schema(JsonSchemaType.String, "What each text continues; each is scored given it."),
            ["model"] = Schema(JsonSchemaType.String, "One of GET /v1/models; the first one if it is left out."),
        });

    public static Task DescribeCompletions(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        CompletionLimits limits = context.ApplicationServices.GetRequiredService<CompletionLimits>();
        return Describe(operation, new()
        {
            ["model"] = Schema(JsonSchemaType.String, "One of GET /v1/models; the first one if it is left out."),
            ["prompt"] = new OpenApiSchema
            {
                Description = "Texts to continue, or the ids of their tokens. Left out: the beginning of a sentence.",
                OneOf =
                [
                    Schema(JsonSchemaType.String),
                    ArrayOf(Schema(JsonSchemaType.String)),
                    ArrayOf(Schema(JsonSchemaType.Integer)),
                    ArrayOf(ArrayOf(Schema(JsonSchemaType.Integer))),
                ],
            },
            ["max_tokens"] = Number(JsonSchemaType.Integer, "0", $"{limits.MaximumTokens}", "How many tokens to generate at most; 16."),
            ["temperature"] = Number(JsonSchemaType.Number, "0", "2", "0 for the likeliest token each time; 1."),
            ["top_p"] = Number(JsonSchemaType.Number, "0", "1", "Above 0: the share of probability that tokens are drawn from; 1."),
            ["n"] = Number(JsonSchemaType.Integer, "1", $"{limits.MaximumChoices}", "How many choices for each prompt; 1."),
            ["logprobs"] = Number(
                JsonSchemaType.Integer, "0", $"{limits.MaximumLogProbs}", "Tells log P of each token, and so many of the likeliest."),
            ["echo"] = Schema(JsonSchemaType.Boolean, "Whether the prompt comes before its continuation; false."),
            ["stop"] = new OpenApiSchema
            {
                Description = $"Texts that end the continuation and are no part of it, at most {limits.MaximumStops}.",
                OneOf = [Schema(JsonSchemaType.String), ArrayOf(Schema(JsonSchemaType.String))],
            },
            ["seed"] = Schema(JsonSchemaType.Integer, "The same seed gives the same continuation."),
            ["stream"] = Schema(JsonSchemaType.Boolean, "Whether parts come as server-sent events; false."),
            ["stream_options"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["include_usage"] = Schema(JsonSchemaType.Boolean, "Whether the last event tells the usage; false."),
                },
            },
            ["ignore_eos"] = Schema(JsonSchemaType.Boolean, "Whether to go on after the end of a sentence; false."),
        });
    }

    private static Task Describe(OpenApiOperation operation, Dictionary<string, IOpenApiSchema> members)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = members } },
            },
        };
        return Task.CompletedTask;
    }

    private static OpenApiSchema Schema(JsonSchemaType type, string? description = null) => new() { Type = type, Description = description };

    private static OpenApiSchema ArrayOf(IOpenApiSchema items, string? description = null) =>
        new() { Type = JsonSchemaType.Array, Items = items, Description = description };

    private static OpenApiSchema Number(JsonSchemaType type, string minimum, string maximum, string description) =>
        new() { Type = type, Minimum = minimum, Maximum = maximum, Description = description };
}

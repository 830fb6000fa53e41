using System.Data.Common;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Storage;

namespace LazyOC.Marketplace.Api;

/// <summary>What every request passes before its endpoint: limits, who asks, and what becomes of what goes wrong.</summary>
internal static partial class RequestPipeline
{
    /// <summary>What the database says of a text that it has no character set for.</summary>
    private const string NoSuchCharacter = "22021";

    public static void Use(WebApplication app)
    {
        app.Use(AnswerFailuresAsync);
        app.Use(CheckAsync);
        app.UseRouting();
    }

    /// <summary>Every error is a problem document: those of bugs, of the server itself, and of addresses that nobody answers.</summary>
    private static async Task AnswerFailuresAsync(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        response.OnStarting(() =>
        {
            // What is not said to be for everybody may be for one only.
            if (response.Headers.CacheControl.Count == 0) response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException error)
        {
            if (response.HasStarted) throw;
            await RefusalOf(error).ExecuteAsync(context);
            return;
        }
        catch (DbException error) when (error.SqlState == NoSuchCharacter && !response.HasStarted)
        {
            // NUL, which PostgreSQL has no text with.
            response.Clear();
            await new Refusal(ProblemTypes.InvalidRequest, "the request has a character that is in no text").ExecuteAsync(context);
            return;
        }
        catch (Exception error) when (error is DbException { IsTransient: true } or StorageException && !response.HasStarted)
        {
            LogUnavailable(LogOf(context), context.Request.Method, context.GetEndpoint()?.DisplayName ?? "nothing", error);
            response.Clear();
            await new Refusal(ProblemTypes.Unavailable, "the records or the packages cannot be reached") { RetryAfter = TimeSpan.FromSeconds(5) }.ExecuteAsync(context);
            return;
        }
        catch (Exception error) when (error is not OperationCanceledException || !context.RequestAborted.IsCancellationRequested)
        {
            LogBug(LogOf(context), context.Request.Method, context.GetEndpoint()?.DisplayName ?? "nothing", error);
            if (response.HasStarted) throw;
            response.Clear();
            await new Refusal(ProblemTypes.Internal, "something went wrong in the server; it is logged") { Hint = "try again later" }.ExecuteAsync(context);
            return;
        }
        if (response.HasStarted || response.ContentType is not null || response.ContentLength is not null) return;
        switch (response.StatusCode)
        {
            case StatusCodes.Status404NotFound:
                await Refusal.NotFound("such address").ExecuteAsync(context);
                break;
            case StatusCodes.Status405MethodNotAllowed:
                await new Refusal(ProblemTypes.MethodNotAllowed, "the address does not take this method") { Hint = $"it takes {response.Headers.Allow}" }.ExecuteAsync(context);
                break;
            case StatusCodes.Status415UnsupportedMediaType:
                await new Refusal(ProblemTypes.UnsupportedMediaType, "the body is of another media type than the one expected").ExecuteAsync(context);
                break;
            case StatusCodes.Status400BadRequest:
                await new Refusal(ProblemTypes.InvalidRequest, "the request does not have the expected form").ExecuteAsync(context);
                break;
            default:
                break;
        }
    }

    private static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var requests = context.RequestServices.GetRequiredService<RequestLimits>();
        var options = context.RequestServices.GetRequiredService<MarketOptions>();
        var refusal = requests.TakeByAddress(context) ?? await Authentication.IdentifyAsync(context) ?? requests.TakeByToken(context);
        if (refusal is null && options.IsPrivate && IsRead(context.Request) && context.Caller() is null) refusal = new Refusal(ProblemTypes.Unauthenticated, "this registry is private") { Hint = "`lazyoc registry login NAME`" };
        if (refusal is null) await next(context);
        else await refusal.ExecuteAsync(context);
    }

    /// <summary>What a private registry shows only to those it knows: everything but how to get known.</summary>
    private static bool IsRead(HttpRequest request) =>
        request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
        && !request.Path.Equals("/v1/config.json", StringComparison.Ordinal)
        && !request.Path.Equals("/v1/api/sessions", StringComparison.Ordinal)
        && !request.Path.Equals("/v1/api/accounts", StringComparison.Ordinal);

    private static Refusal RefusalOf(BadHttpRequestException error) => error.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? new Refusal(ProblemTypes.TooLarge, "the body has more bytes than it may have")
        : new Refusal(ProblemTypes.InvalidRequest, "the request does not have the expected form");

    private static ILogger LogOf(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestPipeline));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} could not reach records or packages")]
    private static partial void LogUnavailable(ILogger log, string method, string endpoint, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed")]
    private static partial void LogBug(ILogger log, string method, string endpoint, Exception error);
}

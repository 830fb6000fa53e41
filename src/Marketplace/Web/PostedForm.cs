using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using Microsoft.AspNetCore.Http.Features;

namespace LazyOC.Marketplace.Web;

/// <summary>The forms that people send.</summary>
internal static class PostedForm
{
    /// <summary>Fields of a form.</summary>
    private const int MaxFields = 64;

    /// <summary>The decision of a form that takes something back.</summary>
    public const string TakeBack = "take-back";

    /// <summary>Lets no form pass that is not one of this site's, so that no handler can forget to look.</summary>
    public static async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (!HttpMethods.IsPost(context.Request.Method)) return await next(invocation);
        var limits = context.RequestServices.GetRequiredService<MarketLimits>();
        string? token;
        if (context.GetEndpoint()?.Metadata.GetMetadata<TakesFile>() is not null)
        {
            // Its body is read as it comes, so the token is in front of it.
            token = context.Request.Query[FormTokens.Field] is [{ } value] ? value : null;
        }
        else
        {
            if (!context.Request.HasFormContentType) return new Refusal(ProblemTypes.UnsupportedMediaType, "the body is not a form");
            if (context.Request.ContentLength > limits.MaxJsonBytes) return new Refusal(ProblemTypes.TooLarge, $"the form has more than the {limits.MaxJsonBytes:N0} bytes that it may have");
            try
            {
                var form = await context.Request.ReadFormAsync(new FormOptions { ValueCountLimit = MaxFields, ValueLengthLimit = limits.MaxJsonBytes, BufferBodyLengthLimit = limits.MaxJsonBytes, MultipartBodyLengthLimit = limits.MaxJsonBytes }, context.RequestAborted);
                token = form[FormTokens.Field] is [{ } value] ? value : null;
            }
            catch (InvalidDataException)
            {
                return new Refusal(ProblemTypes.InvalidRequest, "the body is no form that ends as it should, or has too many fields");
            }
        }
        if (!FormTokens.IsGood(SessionCookie.SecretOf(context), context.Request.Path, token))
            return new Refusal(ProblemTypes.Forbidden, "the form is not, or not any more, one that this site gave you") { Hint = "go back, load the page again, and send it from there" };
        return await next(invocation);
    }

    /// <summary>A field of the form, with the line breaks of this system; empty when it is not there.</summary>
    public static string Field(this HttpContext context, string name) =>
        context.Request.Form[name] is [{ } value] ? value.Replace("\r\n", "\n", StringComparison.Ordinal).Trim() : "";

    /// <summary>A field that may be left empty.</summary>
    public static string? OptionalField(this HttpContext context, string name) => context.Field(name) is { Length: > 0 } value ? value : null;

    /// <summary>Why something is done; null when the form takes it back.</summary>
    public static string? ReasonField(this HttpContext context) => context.Field("decision") == TakeBack ? null : context.Field("reason");

    /// <summary>Goes on to a page after a form was taken; loading that again sends nothing again.</summary>
    public static IResult SeeOther(HttpContext context, string address)
    {
        context.Response.Headers.Location = address;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>Goes on, or shows why not.</summary>
    public static IResult SeeOther<T>(HttpContext context, Answer<T> answer, string address)
        where T : class => answer.TryGet(out _, out var refusal) ? SeeOther(context, address) : refusal;

    /// <summary>Says of an endpoint that the body is a file.</summary>
    public sealed record TakesFile;
}

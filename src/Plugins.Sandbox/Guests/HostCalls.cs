using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>Makes a guest's host call: whatever happens, there is an answer that fits a message.</summary>
internal static class HostCalls
{
    public static async ValueTask<Answer> AnswerAsync(GuestOptions options, HostCall call, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await options.Call(call, cancellationToken);
            return answer.Ok.Length <= Envelope.MaxBytes
                ? answer
                : Answer.Failure(ErrorCode.TooLarge, $"the answer to `{call.Name}` has {answer.Ok.Length} bytes; at most {Envelope.MaxBytes} are passed on");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Answer.Failure(ErrorCode.Cancelled, $"`{call.Name}` was cancelled");
        }
#pragma warning disable CA1031 // A bug behind the door must not leave the guest waiting, nor take the process down from a pool thread; it is logged whole.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            options.Log(PluginLogLevel.Error, $"`{call.Name}` failed inside the host: {exception}");
            return Answer.Failure(ErrorCode.Internal, $"`{call.Name}` failed inside the host");
        }
    }
}

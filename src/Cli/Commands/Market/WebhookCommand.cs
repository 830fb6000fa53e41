using System.CommandLine;
using System.Globalization;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market webhook</c>: has what happens to a publisher's plugins sent to a server of its owner's.</summary>
internal static class WebhookCommand
{
    public static Command Create()
    {
        var command = new Command("webhook", "Has what happens to a publisher's plugins sent to a server of yours");
        command.Subcommands.Add(New());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Deliveries());
        command.Subcommands.Add(Secret());
        command.Subcommands.Add(Change("ping", "Sends a webhook the event `ping`", "a ping is on its way", (client, publisher, id, cancellationToken) => client.PingWebhookAsync(publisher, id, cancellationToken)));
        command.Subcommands.Add(Change("remove", "Takes a webhook away, with what waits for it", "it is removed", (client, publisher, id, cancellationToken) => client.RemoveWebhookAsync(publisher, id, cancellationToken)));
        return command;
    }

    private static Argument<string> PublisherArgument() => new("PUBLISHER") { Description = "The part of plugin ids before the dot, such as acme" };

    private static Argument<string> IdArgument() => new("ID") { Description = "As `lazyoc market webhook list` shows it" };

    private static Command New()
    {
        var publisher = PublisherArgument();
        var url = new Argument<string>("URL") { Description = "Where events are sent, https" };
        var events = new Option<string[]>("--event") { Description = "Which, such as version.live; all when absent; may be given more than once", HelpName = "EVENT" };
        events.AcceptOnlyFromAmong([.. WebhookEvents.All]);
        var output = Output.Option();
        var command = new Command(
            "new",
            """
            Has events sent to an address, and prints the secret that they are signed with, once.

            Examples:
              lazyoc market webhook new acme https://hooks.example.com/lazyoc
              lazyoc market webhook new acme https://hooks.example.com/lazyoc --event version.held --event version.rejected
            """) { publisher, url, events, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var asked = new NewWebhook { Url = parsed.GetRequiredValue(url), Events = [.. (parsed.GetValue(events) ?? []).Distinct()] };
            return Print((await market.Client.CreateWebhookAsync(parsed.GetRequiredValue(publisher), asked, cancellationToken)).OrThrow(), parsed.GetValue(output));
        });
        return command;
    }

    private static Command Secret()
    {
        var (publisher, id, output) = (PublisherArgument(), IdArgument(), Output.Option());
        var command = new Command("secret", "Gives a webhook another secret and prints it, once; the one before is good for nothing any more") { publisher, id, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            return Print((await market.Client.RenewWebhookSecretAsync(parsed.GetRequiredValue(publisher), parsed.GetRequiredValue(id), cancellationToken)).OrThrow(), parsed.GetValue(output));
        });
        return command;
    }

    private static Command List()
    {
        var (publisher, output) = (PublisherArgument(), Output.Option());
        var command = new Command("list", "Shows where a publisher's events are sent") { publisher, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var list = (await market.Client.WebhooksAsync(parsed.GetRequiredValue(publisher), cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(list, ApiJson.Default.WebhookList);
            else if (list.Webhooks.IsEmpty) Console.Error.WriteLine("There is no webhook; `lazyoc market webhook new` makes one.");
            else Output.Rows(["ID", "URL", "EVENTS", "WAITING", "GIVEN UP", "NOT TAKEN"], list.Webhooks.Select(webhook => (string[])
            [
                webhook.Id, webhook.Url, webhook.Events.IsEmpty ? "all" : string.Join(',', webhook.Events), Number(webhook.Waiting), Number(webhook.Dead), Number(webhook.Dropped),
            ]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Deliveries()
    {
        var (publisher, id, output) = (PublisherArgument(), IdArgument(), Output.Option());
        var state = new Option<DeliveryState?>("--state") { Description = "Only those that are waiting, delivered, or dead: given up", HelpName = "STATE" };
        var command = new Command(
            "deliveries",
            """
            Shows the latest deliveries of a webhook, and why those that failed did.

            Example:
              lazyoc market webhook deliveries acme 0198c0ffee --state dead
            """) { publisher, id, state, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var list = (await market.Client.WebhookDeliveriesAsync(parsed.GetRequiredValue(publisher), parsed.GetRequiredValue(id), parsed.GetValue(state), cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(list, ApiJson.Default.WebhookDeliveryList);
            else if (list.Deliveries.IsEmpty) Console.Error.WriteLine("There is none.");
            else Output.Rows(["WHEN", "EVENT", "STATE", "ATTEMPTS", "WHY"], list.Deliveries.Select(delivery => (string[])
            [
                $"{delivery.Created.ToLocalTime():yyyy-MM-dd HH:mm}", delivery.Event, delivery.State.ToString().ToLowerInvariant(), Number(delivery.Attempts), delivery.Reason ?? "",
            ]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Change(string verb, string description, string done, Func<MarketClient, string, string, CancellationToken, Task<ApiResult<Done>>> change)
    {
        var (publisher, id) = (PublisherArgument(), IdArgument());
        var command = new Command(verb, description) { publisher, id }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            (await change(market.Client, parsed.GetRequiredValue(publisher), parsed.GetRequiredValue(id), cancellationToken)).OrThrow();
            Console.WriteLine($"{Output.Printable(parsed.GetRequiredValue(id))}: {done}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static int Print(CreatedWebhook made, OutputFormat format)
    {
        if (format == OutputFormat.Json) Output.Json(made, ApiJson.Default.CreatedWebhook);
        else
        {
            Console.WriteLine(Output.Printable(made.Secret));
            Console.Error.WriteLine(Output.Printable($"It is shown this once; {made.Info.Url} checks with it what it is sent. The webhook is {made.Info.Id}."));
        }
        return ExitCode.Ok;
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

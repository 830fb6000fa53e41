using LazyOC.Plugins.Runtime.Events;

namespace LazyOC.Plugins.Runtime.Tests.Events;

public sealed class MailboxTests
{
    private long _sequence;

    [Fact]
    public async Task Post_SameTopicAndKey_KeepsTheLatest()
    {
        var mailbox = new Mailbox(10);
        mailbox.Post(Event("a"));
        mailbox.Post(Event("b"));
        var latest = Event("a");
        mailbox.Post(latest);

        Assert.Equal("b", (await TakeAsync(mailbox)).Mail?.Event?.CoalesceKey);
        Assert.Same(latest, (await TakeAsync(mailbox)).Mail?.Event);
        Assert.Equal(0, mailbox.Lost);
    }

    [Fact]
    public async Task Post_WhenFull_DropsTheOldestWithAKeyAndTellsTheCount()
    {
        var mailbox = new Mailbox(3);
        var first = Event(null);
        mailbox.Post(first);
        foreach (var key in new[] { "a", "b", "c", "d" }) mailbox.Post(Event(key));

        var (mail, lost) = await TakeAsync(mailbox);

        Assert.Equal((2, 2), (lost, mailbox.Lost));
        Assert.Same(first, mail?.Event);
        Assert.Equal("c", (await TakeAsync(mailbox)).Mail?.Event?.CoalesceKey);
        Assert.Equal("d", (await TakeAsync(mailbox)).Mail?.Event?.CoalesceKey);
    }

    [Fact]
    public async Task Post_WhenFullOfEventsWithoutKey_LosesTheNewest()
    {
        var mailbox = new Mailbox(1);
        var first = Event(null);
        mailbox.Post(first);
        mailbox.Post(Event("a"));

        var (mail, lost) = await TakeAsync(mailbox);

        Assert.Equal(1, lost);
        Assert.Same(first, mail?.Event);
    }

    [Fact]
    public async Task WaitForRoomAsync_ManyMoreThanFit_LosesNone()
    {
        var mailbox = new Mailbox(8);
        var writer = Task.Run(async () =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                await mailbox.WaitForRoomAsync(CancellationToken.None);
                mailbox.Post(Event($"{i}"));
            }
        });
        for (var i = 0; i < 1_000; i++) Assert.Equal($"{i}", (await TakeAsync(mailbox)).Mail?.Event?.CoalesceKey);

        await writer;
        Assert.Equal(0, mailbox.Lost);
    }

    [Fact]
    public async Task PostMark_ComesAfterWhatWasPostedBefore()
    {
        var mailbox = new Mailbox(8);
        var reached = false;
        mailbox.Post(Event("a"));
        mailbox.PostMark(() => reached = true);
        mailbox.Post(Event("a"));

        var (mail, _) = await TakeAsync(mailbox);
        mail?.Reached?.Invoke();

        Assert.True(reached);
    }

    private static async Task<(Mail? Mail, long Lost)> TakeAsync(Mailbox mailbox)
    {
        await mailbox.WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        return (mailbox.Take(), mailbox.TakeLost());
    }

    private HostEvent Event(string? key) => new("resource.pods", ++_sequence, default, "{}"u8.ToArray(), key);
}

namespace LazyOC.Marketplace.Web;

/// <summary>All pages.</summary>
internal static class Site
{
    public static void Map(IEndpointRouteBuilder app)
    {
        SiteFiles.Map(app);
        var pages = app.MapGroup("").ExcludeFromDescription().AddEndpointFilter(PostedForm.CheckAsync);
        Browsing.Map(pages);
        PluginPictures.Map(pages);
        SignIn.Map(pages);
        Portal.Map(pages);
        AccountPortal.Map(pages);
        OAuthSite.Map(pages);
        PublisherPortal.Map(pages);
        MembersSite.Map(pages);
        VersionSite.Map(pages);
        Reviewing.Map(pages);
        ModerationSite.Map(pages);
        StatisticsPages.Map(pages);
        AdministrationSite.Map(pages);
        WebhookPages.Map(pages);
    }
}

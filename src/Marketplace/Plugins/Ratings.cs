using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Averages of stars.</summary>
internal static class Ratings
{
    /// <summary>As many reviews of <see cref="PriorStars"/> are mixed in, so that one friend's five stars do not make a plugin the best of all.</summary>
    private const double PriorReviews = 5;

    private const double PriorStars = 3;

    /// <summary>The rating of so many reviews with one star, two, … five.</summary>
    public static Rating Of(ImmutableArray<long> stars)
    {
        var count = stars.Sum();
        var sum = stars.Select((reviews, index) => reviews * (index + 1)).Sum();
        return new Rating(count == 0 ? 0 : (double)sum / count, ((PriorReviews * PriorStars) + sum) / (PriorReviews + count), count, stars);
    }
}

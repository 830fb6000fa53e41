using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Storage;

/// <summary>
/// Packages in a bucket of an object storage that speaks S3. A file comes in on the local disk, whose digest is signed with the
/// request that puts it there: the storage takes just these bytes, all or none.
/// </summary>
internal sealed class PackageBucket : PackageStorage
{
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(60);

    private const int Retries = 3;

    private readonly ObjectAddress _address;
    private readonly string _folder;
    private readonly AmazonS3Client _client;

    public PackageBucket(string directory, ObjectAddress address)
        : base(directory)
    {
        (_address, _folder) = (address, $"{address.Prefix}packages/");
        var config = new AmazonS3Config { AuthenticationRegion = address.Region, Timeout = RequestTime, MaxErrorRetry = Retries };
        if (address.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.ForcePathStyle = true;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(address.Region);
        }
        _client = new AmazonS3Client(address.Credentials, config);
    }

    public override Task KeepAsync(IncomingFile file, Digest digest, CancellationToken cancellationToken) => AskAsync($"keep {digest}", () => _client.PutObjectAsync(
        new PutObjectRequest { BucketName = _address.Bucket, Key = KeyOf(digest), FilePath = file.Path, ContentType = "application/octet-stream", UseChunkEncoding = false }, cancellationToken));

    public override Task<byte[]> ReadAsync(Digest digest, CancellationToken cancellationToken) => AskAsync($"read {digest}", async () =>
    {
        using var answer = await _client.GetObjectAsync(_address.Bucket, KeyOf(digest), cancellationToken);
        using var bytes = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    });

    public override Stream Open(Digest digest, long size) => new ObjectStream(size, (from, cancellationToken) => AskAsync($"read {digest}", async () =>
        (Stream)new AnswerStream(await _client.GetObjectAsync(new GetObjectRequest { BucketName = _address.Bucket, Key = KeyOf(digest), ByteRange = new ByteRange(from, size - 1) }, cancellationToken))));

    public override async IAsyncEnumerable<IReadOnlyList<StoredPackage>> ListAsync(int batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _address.Bucket, Prefix = _folder, MaxKeys = batch };
        ListObjectsV2Response page;
        do
        {
            page = await AskAsync("list packages", () => _client.ListObjectsV2Async(request, cancellationToken));
            yield return [.. page.S3Objects.Select(found => new StoredPackage(found.Key[_folder.Length..], new DateTimeOffset(found.LastModified.ToUniversalTime())))];
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated);
    }

    public override Task RemoveAsync(string name, CancellationToken cancellationToken) => AskAsync("remove a package", () => _client.DeleteObjectAsync(_address.Bucket, _folder + name, cancellationToken));

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    private string KeyOf(Digest digest) => _folder + NameOf(digest);

    /// <summary>Says what could not be done, and nothing of the keys that it was tried with.</summary>
    private async Task<T> AskAsync<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket")
        {
            throw new FileNotFoundException($"the bucket {_address.Bucket} has no such package: cannot {what}", error);
        }
        catch (Exception error) when (error is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw new StorageException($"the bucket {_address.Bucket} does not let me {what}: {error.Message}", error);
        }
    }

    /// <summary>What a server sends; disposing lets go of the request.</summary>
    private sealed class AnswerStream(GetObjectResponse answer) : ReadOnlyStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => answer.ResponseStream.ReadAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (disposing) answer.Dispose();
            base.Dispose(disposing);
        }
    }
}

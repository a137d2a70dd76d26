"""A service that speaks S3 on a port of its own choosing, with one bucket and one pair of keys, whose signatures it checks.

Says in a line of JSON where it is, and who can speak for it by TLS; then answers each line it is asked with another: what is in the
bucket. Ends with its asker.
"""

import json
import os
import sys

# From the first request on it asks who it is.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"

import trustme
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

BUCKET, REGION, USER = "greenroom-files", "eu-central-1", "greenroom"
# No more than a server of files needs. Without ListBucket what is missing would be forbidden.
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListBucket"],
            "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
        }
    ],
}


def main():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    iam = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    iam.create_user(region_name=REGION, user_name=USER)
    key = iam.create_access_key(USER)
    iam.put_user_policy(USER, "files", json.dumps(POLICY))
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    backend.create_bucket(BUCKET, REGION)
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    tell(
        port=port,
        bucket=BUCKET,
        region=REGION,
        access=key.access_key_id,
        secret=key.secret_access_key,
        authority=authority.cert_pem.bytes().decode(),
        tls={
            "key": certificate.private_key_pem.bytes().decode(),
            "cert": "".join(pem.bytes().decode() for pem in certificate.cert_chain_pems),
        },
    )
    for _ in sys.stdin:
        bucket = backend.get_bucket(BUCKET)
        objects = {name: found.size for name, found in list(bucket.keys.items())}
        tell(objects=objects, unfinished=[upload.key_name for upload in list(bucket.multiparts.values())])


def tell(**what):
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()

"""The JSON API, version 1: for CMSs and scripts that hold a token."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import HttpBearer

from sharing import models
from sharing.domain.refusal import Refusal
from sharing.intake import strict_json
from sharing.services.staff import people
from sharing.web.api import problems, shares
from sharing.web.bodies import API_LIMIT


class TokenAuth(HttpBearer):
    """Authentication by `Authorization: Bearer TOKEN`. Each operation checks the token's scopes itself."""

    def authenticate(self, request: HttpRequest, token: str) -> models.Token | None:
        del request
        return people.token_row(token) if token else None


class StrictParser(Parser):
    """A parser that accepts only JSON in UTF-8, of at most `API_LIMIT` bytes, without a repeated key."""

    def parse_body(self, request: HttpRequest) -> Any:
        kind = (request.content_type or "").lower()
        if kind != "application/json" and not kind.endswith("+json"):
            raise Refusal("api.not_json", field="Content-Type", status=415)
        if len(request.body) > API_LIMIT:
            raise Refusal("api.too_big", status=413, limit=f"{API_LIMIT:,}")
        return strict_json.load(request.body)


class Api(NinjaAPI):
    """The API. Its OpenAPI description names `application/problem+json` as the type of every error."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400 and "application/json" in response.get("content", {}):
                        response["content"] = {problems.KIND: response["content"]["application/json"]}
        return schema


api = Api(
    title="Sharedesk",
    version="1",
    description="One article to Facebook, X, KakaoTalk, mail and copy-link, each exactly once.",
    auth=TokenAuth(),
    parser=StrictParser(),
    docs_url=None,
    urls_namespace="api",
)
problems.install(api)
api.add_router("", shares.router)

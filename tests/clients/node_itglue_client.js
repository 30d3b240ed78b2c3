// node-itglue 1.0.2, on axios: brackets stay as they are in the query, the answer is what it was, DELETE has no body.

"use strict";

const ITGlue = require("node-itglue");

const { BASE_URL, KEY } = process.env;
const client = new ITGlue({ apikey: KEY });
client.config.baseURL = BASE_URL;
client.config.proxy = false;

const checks = [];
const check = (name, run) => checks.push([name, run]);

function expect(actual, wanted) {
    if (JSON.stringify(actual) !== JSON.stringify(wanted)) {
        throw new Error(`expected ${JSON.stringify(wanted)}, got ${JSON.stringify(actual)}`);
    }
}

async function everything(path, params = {}) {
    const rows = [];
    for (let page = 1; page; ) {
        const answer = await client.get({ path, params: { ...params, "page[size]": 200, "page[number]": page } });
        rows.push(...answer.data);
        page = answer.meta["next-page"];
    }
    return rows;
}

async function refused(promise) {
    try {
        await promise;
    } catch (answer) {
        return answer;
    }
    throw new Error("it was not refused");
}

check("lists_are_read_to_their_end", async () => {
    const rows = await everything("/configurations");
    const answer = await client.get({ path: "/configurations" });
    expect(rows.length, answer.meta["total-count"]);
    expect(new Set(rows.map((row) => row.id)).size, rows.length);
});

check("filters_in_both_spellings_give_the_same", async () => {
    const [organization] = await everything("/organizations", { "filter[name]": "Harbour & Pine Dental" });
    for (const key of ["filter[organization_id]", "filter[organization-id]"]) {
        const rows = await everything("/configurations", { [key]: organization.id });
        expect(rows.length > 0 && rows.every((row) => row.attributes["organization-id"] === Number(organization.id)), true);
    }
});

check("a_value_comes_only_with_show", async () => {
    const [password] = (await everything("/passwords")).filter((row) => row.attributes["vault-id"] === null);
    expect(password.attributes.password, undefined);
    const shown = await client.get({ path: `/passwords/${password.id}`, params: { show_password: true } });
    expect(typeof shown.data.attributes.password, "string");
    const hidden = await client.get({ path: `/passwords/${password.id}`, params: { show_password: false } });
    expect(hidden.data.attributes.password, undefined);
});

check("flexible_assets_want_their_type", async () => {
    const answer = await refused(client.get({ path: "/flexible_assets" }));
    expect([answer.status, answer.data.errors[0].status], [422, 422]);
    const [kind] = await everything("/flexible_asset_types");
    const rows = await everything("/flexible_assets", { "filter[flexible-asset-type-id]": kind.id });
    expect(rows.length > 0 && rows.every((row) => typeof row.attributes.traits === "object"), true);
});

check("records_are_made_changed_and_deleted", async () => {
    const body = { data: { type: "organizations", attributes: { name: "Made by node-itglue" } } };
    const made = await client.post({ path: "/organizations", body });
    const path = `/organizations/${made.data.id}`;
    const change = { data: { type: "organizations", attributes: { "short-name": "MBN" } } };
    expect((await client.patch({ path, body: change })).data.attributes["short-name"], "MBN");
    await client.delete({ path });
    expect((await refused(client.get({ path }))).status, 404);
});

check("a_wrong_key_is_refused_by_the_gateway", async () => {
    const wrong = new ITGlue({ apikey: "ITG.wrong" });
    wrong.config.baseURL = BASE_URL;
    const answer = await refused(wrong.get({ path: "/organizations" }));
    expect([answer.status, answer.data], [403, { message: "Forbidden" }]);
});

(async () => {
    let failed = false;
    for (const [name, run] of checks) {
        try {
            await run();
            console.log("pass", name);
        } catch (error) {
            failed = true;
            console.log("FAIL", name);
            console.error(error);
        }
    }
    console.log("done");
    process.exitCode = failed ? 1 : 0;
})();

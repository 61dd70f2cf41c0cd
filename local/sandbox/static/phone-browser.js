// The in-app browser: a frame on the shop's pages, and the answers to what they ask of WeixinJSBridge.
"use strict";
import { ask, find, iconButton, make, note, toast } from "./phone-parts.js";
import { album, pay, permit, question, share, zoom } from "./phone-sheets.js";

const FREE = new Set(["getBrandWCPayRequest", "closeWindow", "hideOptionMenu", "showOptionMenu", "imagePreview", "preVerifyJSAPI", "checkJsApi", "getNetworkType", "hideToolbar", "showToolbar"]);
const SHARES = ["menuItem:share:appMessage", "menuItem:share:timeline", "menuItem:copyUrl"];
const HERE = { latitude: 31.230416, longitude: 121.473701, accuracy: "30", speed: "-1" };
const { shop: SHOP, phone: PHONE } = document.querySelector(".desk").dataset;

export class Browser {
  /** `leave` closes the view; `people` gives those a card can be sent to. */
  constructor({ leave, people }) {
    this.leave = leave;
    this.people = people;
    this.fontSize = 100;
    this.albums = new Map();
    this.title = make("h2", {}, "");
    this.more = iconButton("more", "更多", () => share(this, this.people()));
    this.progress = make("div", { class: "progress" });
    this.pages = make("div", { class: "pages" });
    this.view = make("section", { class: "view", "aria-label": "微信里的网页" },
      make("header", {},
        make("div", {}, iconButton("back", "返回", () => this.back()), iconButton("close", "关闭网页", () => this.close())),
        this.title, make("div", {}, this.more)),
      this.progress, this.pages);
    this.forget();
    window.addEventListener("message", (event) => {
      if (this.frame && event.source === this.frame.contentWindow && event.data && event.data.wx) this.hear(event.data);
    });
  }

  open(path) {
    this.forget();
    this.path = path;
    this.title.textContent = "";
    this.frame = make("iframe", { src: PHONE + path, title: "商城", allow: "geolocation; clipboard-write", onload: () => this.loaded() });
    this.progress.classList.add("busy");
    this.pages.replaceChildren(this.frame);
  }

  /** A page without the bridge is none of the shop's. */
  loaded() {
    this.progress.classList.remove("busy");
    this.isForeign = !this.hasGreeted;
    this.hasGreeted = false;
    if (this.isForeign) this.title.textContent = "其他网页";
  }

  /** A new page: nothing of the former one's wishes holds. */
  forget() {
    this.allowed = new Set();
    this.listened = new Set();
    this.hidden = new Set();
    this.cards = {};
    this.verdict = { tone: "grey", words: "这个页面没有用 JSSDK，按网页的标题分享" };
    this.more.hidden = false;
  }

  /** Put the page away; what it stood on is forgotten. */
  put() {
    this.pages.replaceChildren();
    this.frame = null;
  }

  close() {
    this.put();
    history.replaceState(null, "", "/phone/");
    this.leave();
  }

  tell(message) {
    this.frame?.contentWindow.postMessage({ wx: true, ...message }, "*");
  }

  back() {
    if (this.isForeign) return history.back();
    clearTimeout(this.stuck);
    this.stuck = setTimeout(() => this.close(), 600);
    this.tell({ kind: "back" });
  }

  reload() { this.tell({ kind: "reload" }); }

  font(percent) {
    this.fontSize = percent;
    this.tell({ kind: "font", percent });
  }

  link() { return SHOP + this.path; }

  plainCard() {
    return { title: this.title.textContent || "微商城", text: "", picture: "", link: this.link() };
  }

  /** The card to send; a page that listens to the old menu events is asked now. */
  async card(kind) {
    const event = kind === "friend" ? "menu:share:appmessage" : "menu:share:timeline";
    if (this.listened.has(event)) {
      this.asked = kind;
      this.tell({ kind: "event", name: event, parameters: { scene: "friend" } });
      await new Promise((done) => { setTimeout(done, 150); });
    }
    return this.cards[kind] || this.plainCard();
  }

  shared(kind, word) {
    if (this.answerShare) this.answerShare(`${kind === "friend" ? "sendAppMessage" : "shareTimeline"}:${word}`);
    this.answerShare = null;
  }

  hear(message) {
    clearTimeout(this.stuck);
    switch (message.kind) {
      case "hello":
        this.forget();
        this.hasGreeted = true;
        this.isForeign = false;
        this.progress.classList.add("busy");
        if (this.fontSize !== 100) this.tell({ kind: "font", percent: this.fontSize });
        this.stand(message);
        break;
      case "moved":
        this.stand(message);
        break;
      case "leaving":
        this.progress.classList.add("busy");
        break;
      case "root":
        this.close();
        break;
      case "on":
        this.listened.add(message.name);
        break;
      case "invoke":
        this.serve(message);
    }
  }

  stand({ title, path }) {
    this.path = path.replace("#wechat_redirect", "");
    if (title) this.title.textContent = title;
    find("address").elements.to.value = this.path;
    history.replaceState(null, "", `/phone/?to=${encodeURIComponent(this.path)}`);
  }

  async serve({ id, name, parameters }) {
    const answer = (word, more = {}) => this.tell({ kind: "answer", id, result: { err_msg: word, ...more } });
    const verb = this.verbs[name];
    if (!verb) return answer(`${name}:fail, the function is not exist`);
    if (!FREE.has(name) && !this.allowed.has(name)) {
      note(name, "没有通过 wx.config 拿到权限，微信拒绝了", "red");
      return answer(`${name}:permission denied`);
    }
    try {
      await verb.call(this, parameters, answer, name);
    } catch (problem) {
      answer(`${name}:fail, ${problem.message}`);
    }
  }

  keep(kind, { title, text, picture, link }) {
    const isOurs = link.startsWith(`${SHOP}/`) || link === SHOP;
    if (!isOurs) {
      note("分享卡片", `链接 ${link || "空"} 不是商城的网址，微信不用这张卡片`, "red");
      return false;
    }
    this.cards[kind] = { title: title || this.title.textContent, text: text || "", picture: picture || "", link };
    note("分享卡片", `${kind === "friend" ? "好友" : "朋友圈"}：${this.cards[kind].title}`, "sky");
    return true;
  }
}

const fine = (name) => function done(_parameters, answer) { answer(`${name}:ok`); };

const updateCard = (kind) => function update(given, answer, name) {
  const isKept = this.keep(kind, { title: given.title, text: given.desc, picture: given.imgUrl, link: given.link || "" });
  answer(isKept ? `${name}:ok` : `${name}:fail, link is not in the safe domain`);
};

const sendCard = (kind) => function send(given, answer) {
  this.keep(kind, { title: given.title, text: given.desc, picture: given.img_url, link: given.link || "" });
  this.answerShare = (word) => answer(word);
};

Browser.prototype.verbs = {
  async preVerifyJSAPI(given, answer) {
    const { wrong } = await ask("judge", {
      appId: given.verifyAppId || given.appId || "",
      timestamp: given.verifyTimestamp || "",
      nonceStr: given.verifyNonceStr || "",
      signature: given.verifySignature || "",
      path: this.path.split("#")[0],
    });
    this.verdict = wrong
      ? { tone: "red", words: `JSSDK 签名无效：${wrong}` }
      : { tone: "leaf", words: "JSSDK 签名有效，分享用页面给的卡片" };
    note("wx.config", wrong ? this.verdict.words : `签名有效：${SHOP}${this.path.split("#")[0]}`, wrong ? "red" : "leaf");
    if (wrong) return answer("config:invalid signature");
    this.allowed = new Set(given.verifyJsApiList || []);
    answer("config:ok");
  },
  async getBrandWCPayRequest(given, answer) {
    const word = await pay(given);
    if (word === "cancel") note("支付", "取消了，没有付款", "amber");
    answer(`get_brand_wcpay_request:${word}`);
  },
  checkJsApi(given, answer) {
    const known = (given.jsApiList || []).map((name) => [name, name in Browser.prototype.verbs]);
    answer("checkJsApi:ok", { checkResult: Object.fromEntries(known) });
  },
  updateAppMessageShareData: updateCard("friend"),
  updateTimelineShareData: updateCard("moments"),
  sendAppMessage: sendCard("friend"),
  shareTimeline: sendCard("moments"),
  hideOptionMenu(_given, answer) { this.more.hidden = true; answer("hideOptionMenu:ok"); },
  showOptionMenu(_given, answer) { this.more.hidden = false; answer("showOptionMenu:ok"); },
  hideMenuItems(given, answer) { (given.menuList || []).forEach((item) => this.hidden.add(item)); answer("hideMenuItems:ok"); },
  showMenuItems(given, answer) { (given.menuList || []).forEach((item) => this.hidden.delete(item)); answer("showMenuItems:ok"); },
  hideAllNonBaseMenuItem(_given, answer) { SHARES.forEach((item) => this.hidden.add(item)); answer("hideAllNonBaseMenuItem:ok"); },
  showAllNonBaseMenuItem(_given, answer) { this.hidden.clear(); answer("showAllNonBaseMenuItem:ok"); },
  closeWindow(_given, answer) { answer("closeWindow:ok"); this.close(); },
  getNetworkType(_given, answer) { answer("network_type:wifi"); },
  async geoLocation(_given, answer) {
    const may = await permit("“微商城”想知道你的位置");
    answer(may ? "geoLocation:ok" : "geoLocation:cancel", may ? HERE : {});
  },
  async scanQRCode(given, answer) {
    const text = await question("扫一扫", "扫到的内容");
    if (text === null) return answer("scanQRCode:cancel");
    if (given.needResult) return answer("scanQRCode:ok", { resultStr: JSON.stringify({ scan_code: { scan_result: text } }) });
    answer("scanQRCode:ok");
    if (text.startsWith(`${SHOP}/`)) this.open(text.slice(SHOP.length));
    else toast(text);
  },
  async editAddress(_given, answer) {
    if (!(await permit("使用这个收货地址：上海市黄浦区人民大道 200 号", "使用"))) return answer("edit_address:cancel");
    answer("edit_address:ok", {
      userName: this.holder?.nickname || "小满", telNumber: this.holder?.phone || "17000000001", addressPostalCode: "200003",
      proviceFirstStageName: "上海市", addressCitySecondStageName: "上海市", addressCountiesThirdStageName: "黄浦区",
      addressDetailInfo: "人民大道 200 号", nationalCode: "310101",
    });
  },
  async chooseImage(_given, answer) {
    const data = await album();
    if (!data) return answer("chooseImage:cancel");
    const localId = `wxlocalresource://${this.albums.size + 1}`;
    this.albums.set(localId, data);
    answer("chooseImage:ok", { localIds: [localId] });
  },
  getLocalImgData(given, answer) {
    const data = this.albums.get(given.localId);
    answer(data ? "getLocalImgData:ok" : "getLocalImgData:fail", { localData: data || "" });
  },
  imagePreview(given, answer) {
    answer("imagePreview:ok");
    zoom(given.urls?.length ? given.urls : [given.current], given.current);
  },
  openLocation(given, answer) { toast(`地图：${given.name || given.address || "这里"}`); answer("openLocation:ok"); },
  hideToolbar: fine("hideToolbar"),
  showToolbar: fine("showToolbar"),
};

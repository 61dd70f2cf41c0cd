"""The starter set of words to avoid in a listing, as the Advertising Law and good sense have it."""

from catalog.terms.listing import WordKind

_K = WordKind
# word[=say instead][|phrases,in,which,it,is,fine]
STARTER: dict[WordKind, str] = {
    _K.ABSOLUTE: """
        最佳=很受欢迎 最好=很好|最好吃完,最好尽快,最好冷藏,最好在 最优 最低价=特价
        最便宜=实惠 最高级 最先进 最新鲜=当天采摘 最大 最强 最安全 最健康 最正宗
        最受欢迎=回头客多 最畅销=热销 最划算=划算 最优惠=优惠 最顶级 最高端 最奢华
        最流行 最时尚 最值得
        第一|第一次,第一口,第一时间,第一道,第一层,第一步,第一批 唯一 独一无二
        国家级 世界级 宇宙级 全国首家 全网首发 全网最低 全网第一 全国第一
        销量第一 排名第一 NO.1 TOP1 顶级=优质 顶尖 极品=上等 极致 绝佳
        绝对 完美 万能 史无前例 前无古人 空前绝后 绝无仅有
        王牌 冠军|冠军杯 之王 之最 巅峰 至尊 特级=一级|特级初榨 首选=推荐 首家
        独家=本店 国家免检 免检 驰名商标 中国驰名 国家领导人 特供 专供
        永久 零风险 销冠 遥遥领先 仅此一家 仅此一次 全球首发 世界领先 国际领先
        行业领先 领导品牌 领袖品牌 缔造者
    """,
    _K.BANNED: """
        象牙 犀角 虎骨 穿山甲 熊胆 活熊取胆 玳瑁 砗磲 野生河豚 河豚鱼 罂粟壳 罂粟
        大麻 冰毒 摇头丸 笑气 电子烟 香烟 代购烟 走私烟
        枪支 气枪 弹药 弩 电击棍 管制刀具 弹簧刀 烟花爆竹 鞭炮 雷管 处方药 麻醉药
        迷药 催情 避孕药 注射用
        假钞 发票代开 代开发票 身份证件 银行卡四件套 POS机套现 考试答案 作弊器
        窃听器 针孔摄像 彩票代购 赌博
        死刑犯 人体器官 代孕 精子 胎盘 地沟油 三聚氰胺 苏丹红 瘦肉精 野味 果子狸
    """,
    _K.CLAIM: """
        治疗 治愈 根治 疗效 药效 包治 防癌 抗癌 抗肿瘤 降血压 降血糖 降血脂
        降三高 治糖尿病 治失眠 治便秘 壮阳 补肾壮阳 丰胸 减肥 瘦身 燃脂
        排毒养颜 排毒 消炎 杀死病毒 抗病毒 抗衰老 延年益寿 增强免疫力=营养丰富
        提高免疫力 预防感冒 活血化瘀 清热解毒 祛湿 祛斑 祛痘 生发 防脱
        替代药物 无副作用 无毒副作用 临床验证 专家推荐 医生推荐 祖传秘方 神医
    """,
    _K.COMPARISON: """
        比别家 比其他家 比同行 比某宝 比超市便宜 秒杀同类 吊打 完胜 碾压 超越同类
        同类第一 优于同类 不像别家 别家没有 别的牌子 其他品牌 竞品 山寨 平替 远超
        同款不同价 大牌同款 比淘宝 比京东 比拼多多
    """,
    _K.VAGUE: """
        高品质=写产地或等级 优质好货 品质保证 大品牌 网红爆款 网红同款 神器 黑科技
        纯天然=写种植方式 无添加=写配料 零添加=写配料 原生态 有机=写证书编号|有机认证
        限时抢购 亏本 跳楼价 清仓大甩卖 点击有惊喜 惊喜价 不买后悔 错过再等 抢疯了
        疯抢 秒光 速来 必买 闭眼入 老板疯了 假一赔万 大概
    """,
}


def starter() -> list[dict[str, str]]:
    """Word, kind, say-instead and allowed phrases of each, once."""
    found: dict[str, dict[str, str]] = {}
    for kind, text in STARTER.items():
        for entry in text.split():
            words, _bar, fine = entry.partition("|")
            word, _equals, advice = words.partition("=")
            row = {"word": word, "kind": kind.value, "advice": advice, "allowed_in": fine.replace(",", " ")}
            found.setdefault(word, row)
    return list(found.values())
